using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Audit;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Search;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.Auditing;
using PhantomSync.Host.Demo;
using PhantomSync.Host.Hosting;
using PhantomSync.Tests.Contracts;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.Audit;

/// <summary>The audit trail in the running host: events come over the broker.</summary>
public sealed class AuditServiceTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("phantom-audit-host-");
    private readonly ElasticsearchStandIn _elasticsearch = new();
    private PlatformHost _host = null!;

    private static Operator Auditor { get; } = new("auditor");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PlatformOptions Options => new(_directory.FullName, null, null, null) { Elasticsearch = _elasticsearch.Address.ToString() };

    public ValueTask InitializeAsync() => default;

    [Fact]
    [Trait("row", "S15.21")]
    public async Task Every_event_is_stored_while_Elasticsearch_is_away_and_indexed_when_it_is_back()
    {
        _elasticsearch.OnRequest = (_, _) => 503;
        await StartAsync(Options);
        ISyncEvent[] events = [.. Samples.All.Select(e => e.WithMetadata(Metadata()))];
        await PublishAsync(events);

        // The registry tells of the version that the completed training made.
        var all = events.Length + 1;
        await Wait.ForAsync(async () => await StoredAsync() == all, seconds: 60);
        await Wait.ForAsync(() => File.Exists(Path.Combine(_directory.FullName, "audit-heads.jsonl")), seconds: 60);
        _elasticsearch.Indices.ShouldBeEmpty();

        _elasticsearch.OnRequest = null;
        await Wait.ForAsync(() => _elasticsearch.Indices.Values.Sum() == all, seconds: 60);
        await using var scope = _host.Services.CreateAsyncScope();
        var page = await scope.ServiceProvider.GetRequiredService<IAuditSearch>().SearchAsync(new AuditQuery { TenantId = "tenant-1", Text = "login" }, Cancel);
        page.Entries.ShouldHaveSingleItem().UserId.ShouldBe("alice");

        // The index is only a copy.
        var index = scope.ServiceProvider.GetRequiredService<IAuditIndex>();
        await index.ClearAsync(null, Cancel);
        (await scope.ServiceProvider.GetRequiredService<IndexRebuild>().RunAsync(null, Auditor, Cancel)).ShouldBeInRange(all, all + 1, "its own entry may be there already");
        await Wait.ForAsync(() => _elasticsearch.Indices.Values.Sum() == all + 1, seconds: 60);

        await _host.Host.StopAsync(Cancel);
        (await AuditCommands.VerifyAsync(Options, null, Auditor, Cancel)).ShouldBe(0);
    }

    [Fact]
    [Trait("row", "S15.22")]
    public async Task A_document_that_Elasticsearch_refuses_goes_to_the_dead_letters_alone()
    {
        var refused = Metadata();
        _elasticsearch.OnDocument = id => id == refused.EventId.ToString() ? (400, "document_parsing_exception") : null;
        await StartAsync(Options);
        await PublishAsync([.. Enumerable.Range(0, 9).Select(i => Samples.ModelDeleted with { ModelId = $"model-{i}", SyncMetadata = i == 4 ? refused : Metadata() })]);

        await Wait.ForAsync(() => _elasticsearch.Indices.Values.Sum() == 8, seconds: 60);
        await Wait.ForAsync(async () => await LettersAsync() == 1, seconds: 60);
        await Wait.ForAsync(async () => await StoredAsync() == 9, seconds: 60);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        await _elasticsearch.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _directory.Delete(recursive: true);
    }

    private static SyncMetadata Metadata()
    {
        var id = Guid.CreateVersion7();
        return Samples.Metadata with { EventId = id, IdempotencyKey = $"test:{id}" };
    }

    private async Task StartAsync(PlatformOptions options)
    {
        // Without the sagas: the cascade of a suspension would say more than was published here.
        _host = await PlatformHost.CreateAsync(
            options,
            LogLevel.None,
            "http://127.0.0.1:0",
            parts =>
            {
                AddPublisher(parts);
                parts.AddAudit(options);
            },
            Cancel);
        await _host.Host.StartAsync(Cancel);
        await Task.WhenAll(
            _host.Services.GetRequiredService<TableSetup<AuditDbContext>>().Done,
            _host.Services.GetRequiredService<TableSetup<AuditIndexDbContext>>().Done,
            _host.Services.GetRequiredService<TableSetup<PlatformDbContext>>().Done);
        await _host.Services.OutboxReadyAsync<PlatformDbContext>(Cancel);
    }

    private static void AddPublisher(PlatformParts parts)
    {
        parts.Bus.AddDbContext<PlatformDbContext>(parts.Database("platform"));
        parts.Bus.AddEntityFrameworkOutbox<PlatformDbContext>(outbox =>
        {
            outbox.ServiceName = "platform";
            outbox.UseBusOutbox();
            parts.OutboxProvider(outbox);
        });
        parts.Bus.AddTableSetup<PlatformDbContext>();
    }

    private async Task PublishAsync(params ISyncEvent[] events)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var endpoint = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        foreach (var occurred in events)
            await endpoint.Publish((object)occurred, Cancel);
        await scope.ServiceProvider.GetRequiredService<PlatformDbContext>().SaveChangesAsync(Cancel);
    }

    private async Task<int> StoredAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AuditDbContext>().Logs.CountAsync(Cancel);
    }

    private async Task<long> LettersAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AuditIndexDbContext>().Database.SqlQuery<long>($"SELECT count(*) AS Value FROM dead_letter WHERE source = 'audit-index'").SingleAsync(Cancel);
    }
}
