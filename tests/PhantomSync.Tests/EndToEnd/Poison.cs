using System.Text;
using System.Text.Json;
using MassTransit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Riding;
using PhantomSync.Tests.Kafka;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>A user's own host, put together with MassTransit as the manual says.</summary>
[Collection(nameof(Fire))]
public sealed class Poison : IAsyncLifetime
{
    private const int Partitions = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("phantom-poison-").FullName;
    private EmbeddedBroker _broker = null!;
    private IHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Database => $"Data Source={Path.Combine(_folder, "app.db")};Pooling=False";

    public async ValueTask InitializeAsync()
    {
        var log = new VolatileLog();
        _broker = await EmbeddedBroker.StartAsync(log, cancellation: Cancellation);
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddEmbeddedBroker(_broker, log);
        builder.Services.AddDbContext<PoisonContext>(options => options.UseSqlite(Database));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddEntityFrameworkOutbox<PoisonContext>(outbox =>
            {
                outbox.ServiceName = "app";
                outbox.UseSqlite();
                outbox.UseBusOutbox();
            });
            bus.AddRider(rider =>
            {
                rider.AddService<PoisonContext>("writer", service => service.Consumer<WriteLine>());
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.TopicDefaults.Partitions = Partitions;
                    kafka.ConfigureServices(context);
                });
            });
        });
        _host = builder.Build();
        await using (var scope = _host.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<PoisonContext>().EnsureTablesAsync(Cancellation);
        await _host.StartAsync(Cancellation);
        await _host.Services.OutboxReadyAsync<PoisonContext>(Cancellation);
    }

    [Fact]
    [Trait("row", "F10")]
    public async Task What_always_fails_becomes_a_dead_letter_and_holds_up_its_own_key_only()
    {
        foreach (var version in new[] { "v1", "v2", "v3", "v4" })
        {
            await PublishAsync(Update("bad", version));
            await PublishAsync(Update("good", version));
        }

        await Wait.ForAsync(() => Lines().Count(line => line.StartsWith("good", StringComparison.Ordinal)) == 4 && Letters().Count == 3, seconds: 30);
        Lines().Where(line => line.StartsWith("good", StringComparison.Ordinal)).ShouldBe(["good v1", "good v2", "good v3", "good v4"]);
        Lines().Where(line => line.StartsWith("bad", StringComparison.Ordinal)).ShouldBe(["bad v1"]);

        var letters = Letters();
        letters.Count(letter => !letter.Parked).ShouldBe(1);
        var letter = letters.Single(letter => !letter.Parked);
        letter.Attempts.ShouldBe(3);
        letter.Reason.ShouldBe("the handler stumbles over v2");
        letter.Body.ShouldContain("\"new_version\":\"v2\"");
        letters.Where(parked => parked.Parked).Select(parked => parked.Body.Contains("\"v3\"", StringComparison.Ordinal) ? 3 : 4).ShouldBe([3, 4], "later events of the key wait in their order");

        var connection = Brokers.Connect(_broker);
        await Wait.ForAsync(() => connection.ReadAll(DeadLetterRecord.Topic, Partitions).Count == 1, seconds: 20);
        var record = connection.ReadAll(DeadLetterRecord.Topic, Partitions).Single();
        Encoding.UTF8.GetString(record.Message.Value).ShouldBe(letter.Body);
        Header("dead_letter_reason").ShouldBe(letter.Reason);
        Header("dead_letter_attempts").ShouldBe("3");
        Header("dead_letter_topic").ShouldBe("phantom.models");
        Header("dead_letter_group").ShouldBe("writer");

        string Header(string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));
    }

    [Fact]
    [Trait("row", "F10")]
    public async Task A_record_that_is_too_large_is_refused_when_it_is_published_and_nothing_is_saved()
    {
        var large = Update("good", "v1") with { Changes = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["blob"] = JsonSerializer.SerializeToElement(new string('x', 300_000)) } };
        var refusal = await Should.ThrowAsync<ArgumentException>(() => PublishAsync(large));
        refusal.Message.ShouldContain("ModelUpdated");
        refusal.Message.ShouldContain("300,");
        refusal.Message.ShouldContain($"{(256 * 1024) - 4096:N0}");
        Read("SELECT count(*) FROM outbox_message", row => row.GetInt32(0)).ShouldBe([0]);

        await PublishAsync(Update("good", "v2"));
        await Wait.ForAsync(() => Lines().Count == 1, seconds: 20);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static ModelUpdated Update(string model, string version) =>
        new() { ModelId = model, TenantId = "acme", PreviousVersion = "v0", NewVersion = version, Changes = new Dictionary<string, JsonElement>(StringComparer.Ordinal), UpdatedBy = "test" };

    private async Task PublishAsync(ModelUpdated update)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(update, Cancellation);
        await scope.ServiceProvider.GetRequiredService<PoisonContext>().SaveChangesAsync(Cancellation);
    }

    private List<string> Lines() => Read("""SELECT "Model" || ' ' || "Version" FROM "Lines" ORDER BY "Id" """, row => row.GetString(0));

    private List<(bool Parked, int Attempts, string Reason, string Body)> Letters() =>
        Read("SELECT parked, attempts, reason, body FROM dead_letter ORDER BY id", row => (row.GetBoolean(0), row.GetInt32(1), row.GetString(2), Encoding.UTF8.GetString((byte[])row[3])));

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var connection = new SqliteConnection(Database);
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}
