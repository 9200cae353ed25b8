using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PhantomSync.Analytics;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Tests.EndToEnd;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

/// <summary>What an operator does with metrics from the command line, on a broker that keeps its log.</summary>
public abstract class AnalyticsVerbContract : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("phantom-metrics-");

    private AnalyticsHost? _host;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Where the store is, as options of the command line.</summary>
    protected abstract string[] Place { get; }

    protected string Data => _folder.FullName;

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact, Trait("row", "S14.18")]
    public async Task A_thousand_deleted_rows_are_found_named_and_repaired()
    {
        await using var host = await RecordedAsync(Enumerable.Range(0, 3_000).Select(i => Inference(i, Start.AddSeconds(i * 2), i % 3 == 0 ? "globex" : "acme")));
        var agreed = await RunAsync(0, "reconcile");
        agreed.ShouldStartWith("3,000 rows in 4 slices of table, tenant and hour are compared");
        agreed.ShouldEndWith("The store is what the topics say.");

        await ExecuteAsync($"DELETE FROM inference_metrics WHERE tenant_id = 'acme' AND timestamp < '{Start.AddSeconds(3_000):yyyy-MM-dd HH:mm:ss}'");
        var hour = Start.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var told = await RunAsync(1, "reconcile");
        told.ShouldContain($"inference_metrics        acme             {hour}  1,000 of 1,200 rows are missing");
        told.ShouldContain("1 slice differs.");
        told.ShouldNotContain("globex");
        (await RunAsync(0, "reconcile", "--tenant", "globex")).ShouldNotContain("acme");
        (await RunAsync(0, "reconcile", "--from", hour.Replace(":00:00Z", ":59:59Z", StringComparison.Ordinal))).ShouldContain("The store is what the topics say.");

        var repaired = JsonDocument.Parse(await RunAsync(0, "reconcile", "--repair", "--by", "rita", "--json")).RootElement;
        (repaired.GetProperty("agrees").GetBoolean(), repaired.GetProperty("repaired").GetInt32(), repaired.GetProperty("waiting").GetInt32()).ShouldBe((true, 1, 0));
        var difference = repaired.GetProperty("differences").EnumerateArray().ShouldHaveSingleItem();
        (difference.GetProperty("tenant_id").GetString(), difference.GetProperty("hour").GetString(), difference.GetProperty("source_rows").GetInt64(), difference.GetProperty("store_rows").GetInt64())
            .ShouldBe(("acme", hour, 1_200, 200));
        (await RunAsync(0, "reconcile")).ShouldContain("3,000 rows");
        Deeds().ShouldBe([("rita", "REPAIR_METRICS", OperatorDeed.Platform)]);
    }

    [Fact, Trait("row", "S14.17")]
    [Trait("row", "S14.19")]
    public async Task Tables_are_rebuilt_as_they_were_and_without_whom_was_erased()
    {
        await using var host = await RecordedAsync(
        [
            .. Enumerable.Range(0, 300).Select(i => Inference(i, Start.AddSeconds(i), i % 2 == 0 ? "globex" : "acme")),
            Completed("job-1", Start, Map(("accuracy", 0.9), ("loss", double.NaN))),
            Failed("job-2", Start, "globex"),
            Performance(Start, Map(("cpu", 0.5))),
            Agent(Start, 5),
        ]);
        await ExecuteAsync("DELETE FROM inference_metrics WHERE inference_id = 'inference-7'");
        var rebuilt = await RunAsync(0, "rebuild");
        rebuilt.ShouldContain("299 rows before            300 after");
        rebuilt.ShouldEndWith("The tables are rebuilt and in use.");
        (await RunAsync(0, "reconcile")).ShouldContain("The store is what the topics say.");

        var receipt = JsonDocument.Parse(await RunAsync(0, "erase", "--tenant", "acme", "--by", "alice", "--reason", "the contract ended", "--json")).RootElement;
        (receipt.GetProperty("tenant_id").GetString(), receipt.GetProperty("erased_by").GetString(), receipt.GetProperty("reason").GetString()).ShouldBe(("acme", "alice", "the contract ended"));
        (receipt.GetProperty("rows").GetProperty("inference_metrics").GetInt64(), receipt.GetProperty("rows").GetProperty("training_metrics").GetInt64()).ShouldBe((150, 2));
        (await RunAsync(0, "erase", "--tenant", "globex", "--user", "user-1", "--reason", "asked for")).ShouldContain("the name of user user-1");

        (await RunAsync(0, "rebuild", "--allow-fewer")).ShouldContain("150 after");
        (await TextsAsync("SELECT DISTINCT tenant_id FROM inference_metrics")).ShouldBe(["globex"]);
        (await TextsAsync("SELECT count(*) FROM training_metrics")).ShouldBe(["0"]);
        (await TextsAsync("SELECT DISTINCT user_id FROM inference_metrics")).ShouldNotContain("user-1");
        (await RunAsync(0, "reconcile", "--repair")).ShouldContain("The store is what the topics say.");
        Deeds().ShouldBe(
        [
            (Environment.UserName, "REBUILD_METRICS", OperatorDeed.Platform),
            ("alice", "ERASE_METRICS", "acme"),
            (Environment.UserName, "ERASE_USER_IN_METRICS", "globex"),
            (Environment.UserName, "REBUILD_METRICS", OperatorDeed.Platform),
        ]);
    }

    [Fact, Trait("row", "S14.17")]
    [Trait("row", "S14.18")]
    public async Task What_Kafka_no_longer_has_is_neither_a_difference_nor_rebuilt()
    {
        // More than the broker keeps, so that it has removed the first of them; then a few of an hour that is yet to come.
        var later = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero).AddDays(2);
        await using var host = await RecordedAsync(
            Enumerable.Range(0, 60).Select(i => Inference(i, Start, features: Noise(i))),
            Enumerable.Range(100, 3).Select(i => Inference(i, later)));
        var told = await RunAsync(0, "reconcile");
        told.ShouldContain("3 rows in 1 slice of table, tenant and hour are compared, from ");
        told.ShouldContain("what is older is not compared");
        await ExecuteAsync("DELETE FROM inference_metrics WHERE inference_id = 'inference-101'");
        (await RunAsync(1, "reconcile")).ShouldContain("1 of 3 rows are missing");
        (await RunAsync(2, "reconcile", "--to", "2026-01-01T00:00:00Z")).ShouldContain("Nothing can be compared before");

        var refusal = await RunAsync(2, "rebuild");
        refusal.ShouldContain($"Kafka has everything from {DateTime.UtcNow:yyyy-MM-dd}");
        var from = refusal.Split("Give --from ")[1].Split(',')[0];
        (await RunAsync(0, "rebuild", "--from", from)).ShouldContain("rebuilt");
        (await TextsAsync("SELECT count(*) FROM inference_metrics")).ShouldBe(["63"]);
    }

    [Fact, Trait("row", "S14.18")]
    [Trait("row", "S14.19")]
    public async Task What_is_wrong_is_said_in_one_line()
    {
        await using var host = await RecordedAsync([Inference(0, Start)]);
        await RefusedAsync(["reconcile", "--from", "yesterday"], "--from: 'yesterday' is not a time");
        await RefusedAsync(["rebuild", "--from", "2026-03-02T00:00:00Z", "--to", "2026-03-01T00:00:00Z"], "--to is 2026-03-01T00:00:00Z; it must be later than --from");
        await RefusedAsync(["erase", "--tenant", "acme", "--reason", " "], "--reason is empty");
        await RefusedAsync(["erase", "--tenant", "", "--reason", "r"], "--tenant is empty");
        _host = null;
        await RefusedAsync(["reconcile"], "The embedded broker forgets an event once it is handled");
        await RefusedAsync(["rebuild"], "The embedded broker forgets an event once it is handled");
        (await TextsAsync("SELECT count(*) FROM inference_metrics")).ShouldBe(["1"]);
        Deeds().ShouldBeEmpty();
        File.Delete(Path.Combine(Data, "ingress.db"));
        await RefusedAsync(["erase", "--tenant", "acme", "--reason", "r"], "This is audited, and --data");
        (await TextsAsync("SELECT count(*) FROM inference_metrics")).ShouldBe(["1"]);
    }

    /// <summary>What waits to be brought into the trail.</summary>
    private (string By, string Action, string Tenant)[] Deeds()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "ingress.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT m.body FROM outbox_queue q JOIN outbox_message m ON m.id = q.message_id ORDER BY q.position";
        using var reader = command.ExecuteReader();
        var deeds = new List<(string, string, string)>();
        while (reader.Read())
        {
            var entry = EventCatalogue.Platform.Read(reader.GetFieldValue<byte[]>(0)).ShouldBeOfType<AuditLogCreated>();
            deeds.Add((entry.UserId, entry.Action, entry.TenantId));
        }

        return [.. deeds];
    }

    protected abstract void Configure(AnalyticsOptions options);

    protected abstract Task ExecuteAsync(string sql);

    protected abstract Task<IReadOnlyList<string>> TextsAsync(string sql);

    /// <summary>300 kB that no compression makes smaller.</summary>
    private static string Noise(int seed)
    {
        var bytes = new byte[225_000];
        new Random(seed).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Has the services record events and end; the brokers stay.</summary>
    private async Task<AnalyticsHost> RecordedAsync(params IEnumerable<ISyncEvent>[] turns)
    {
        await File.WriteAllTextAsync(Path.Combine(Data, "nothing.ndjson"), "", Cancel);
        _host = await AnalyticsHost.StartAsync(Configure);
        await _host.Store.MigrateAsync(Cancel);
        foreach (var events in turns)
            await _host.PublishAsync(events);
        var rows = turns.SelectMany(events => events).OfType<InferenceCompleted>().Count();
        var window = new TimeWindow(Start.AddDays(-1), Start.AddDays(30));
        await Wait.ForAsync(async () => (await _host.Store.SumsAsync(window, null, Cancel)).Where(sum => sum.Key.Table == "inference_metrics").Sum(sum => sum.Value.Rows) == rows);
        await Wait.ForAsync(() => _host.Lag("analytics") == 0);
        await _host.StopServicesAsync();

        // What is done is recorded where records are taken in.
        await using var ingress = HostProcess.Start(["publish", Path.Combine(Data, "nothing.ndjson"), "--data", Data, "--kafka", _host.Brokers]);
        (await ingress.ExitsAsync(120)).ShouldBe(0, ingress.Story);
        return _host;
    }

    private async Task RefusedAsync(string[] arguments, string words)
    {
        var told = await RunAsync(2, arguments);
        told.ShouldContain(words);
        told.Split('\n').Length.ShouldBe(1, told);
    }

    /// <returns>What it says: on standard output where that is as it should be, else on standard error.</returns>
    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        await using var verb = HostProcess.Start(["analytics", .. arguments, .. Place, .. _host is null ? Array.Empty<string>() : ["--kafka", _host.Brokers]]);
        (await verb.ExitsAsync(120)).ShouldBe(expected, verb.Story);
        return expected == 2 ? verb.Errors : verb.Output;
    }
}
