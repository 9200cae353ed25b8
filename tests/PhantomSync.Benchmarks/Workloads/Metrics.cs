using System.Diagnostics;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.Utility;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Analytics;
using PhantomSync.Analytics.ClickHouse;
using PhantomSync.Analytics.Recording;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>
/// Inferences wait in the topic; each becomes a row in ClickHouse. The baseline reads, parses and calls InsertBinaryAsync for the
/// same table, in batches as large as ours were on average in the run before. Measured from the first batch to the last insert.
/// </summary>
internal sealed class Metrics : IWorkload
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(3_650);

    private int _batchRows = 1_000;

    public string Name => "analytics";

    public double Target => 0.6;

    public int Events(bool quick) => quick ? 24_000 : 72_000;

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events);
        var database = await ClickHouseProcess.NewDatabaseAsync(cancellationToken);
        using var store = await StoreAsync(database, cancellationToken);
        using var clock = new HandledClock(AnalyticsModule.ServiceName, events);
        using var host = ServiceHost.Create(
            stage,
            bus => bus.AddAnalyticsStore(options => (options.ClickHouse, options.Retention, options.RollupInterval) = (database.ToString(), Retention, TimeSpan.FromHours(1))),
            rider => rider.AddAnalytics());
        await host.StartAsync(cancellationToken);
        var ended = await clock.All.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(clock.Began, ended), Measure.CostNow() - clock.CostAtBegin);
        _batchRows = Math.Max(1, events / clock.Batches);
        await host.StopAsync(cancellationToken);
        await CheckAsync(store, database, events);
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events);
        var database = await ClickHouseProcess.NewDatabaseAsync(cancellationToken);
        using var store = await StoreAsync(database, cancellationToken);
        using var client = new ClickHouseClient(ClickHouseAddress.Parse(database.ToString()));
        client.RegisterBinaryInsertType<InferenceRow>();
        var settings = new Dictionary<string, object>(StringComparer.Ordinal) { ["async_insert"] = 0 };
        var loop = new PlainLoop(stage, _batchRows);
        var ended = await Task.Run(() => loop.RunAsync(events, InsertAsync, cancellationToken), cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(loop.Began, ended), Measure.CostNow() - loop.CostAtBegin);
        await CheckAsync(store, database, events);
        return measure;

        Task InsertAsync(List<PlainFact.Inference> read) =>
            client.InsertBinaryAsync(InferenceRow.Table, read.ConvertAll(RowOf), new InsertOptions { BatchSize = read.Count, CustomSettings = settings }, cancellationToken);
    }

    private static InferenceRow RowOf(PlainFact.Inference fact) => new()
    {
        Timestamp = fact.SyncMetadata.OccurredAt.UtcDateTime,
        TenantId = fact.TenantId,
        ModelId = fact.ModelId,
        ModelVersion = fact.Version,
        InferenceTimeMs = fact.InferenceTimeMs,
        ConfidenceScore = fact.Confidence,
        UserId = fact.RequestedBy,
        InferenceId = fact.InferenceId,
        EventId = fact.SyncMetadata.EventId,
        SourceService = fact.SyncMetadata.SourceService,
    };

    private static async Task<ClickHouseStore> StoreAsync(Uri database, CancellationToken cancellationToken)
    {
        var store = new ClickHouseStore(ClickHouseAddress.Parse(database.ToString()), Retention, TimeProvider.System);
        await store.MigrateAsync(cancellationToken);
        return store;
    }

    private static async Task CheckAsync(ClickHouseStore store, Uri database, int events)
    {
        Audit.Equal("rows", events, Convert.ToInt64(await store.Client.ExecuteScalarAsync("SELECT count() FROM inference_metrics"), CultureInfo.InvariantCulture));
        Audit.Equal("inferences", events, Convert.ToInt64(await store.Client.ExecuteScalarAsync("SELECT uniqExact(inference_id) FROM inference_metrics FINAL"), CultureInfo.InvariantCulture));
        await ClickHouseProcess.DropAsync(database);
    }
}
