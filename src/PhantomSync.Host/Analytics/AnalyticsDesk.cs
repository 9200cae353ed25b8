using System.Data.Common;
using System.Text.Json;
using PhantomSync.Analytics;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.Auditing;
using PhantomSync.Host.Hosting;
using PhantomSync.Kafka.Connecting;
using PhantomSync.Kafka.History;

namespace PhantomSync.Host.Analytics;

/// <summary>
/// The operator's verbs over the metrics. On ClickHouse they work beside the hosts; a DuckDB file is one process's own, so there
/// no host may run.
/// </summary>
internal sealed class AnalyticsDesk : IAsyncDisposable
{
    /// <summary>What reads or rewrites whole tables may take its time.</summary>
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromHours(6);

    private readonly PlatformOptions _platform;
    private readonly DataDirectory? _data;
    private readonly ServiceProvider _services;

    private AnalyticsDesk(PlatformOptions platform, DataDirectory? data, ServiceProvider services) => (_platform, _data, _services) = (platform, data, services);

    /// <exception cref="UserErrorException">There are no metrics there, or a host holds them.</exception>
    public static AnalyticsDesk Open(PlatformOptions platform)
    {
        PlatformHost.CheckKafka(platform.Kafka);
        if (!PlatformHost.HasAnalytics(platform))
            throw new UserErrorException("Beside --postgres no metrics are kept without --clickhouse. Give --clickhouse http://localhost:8123 for instance, as 'run' was given.");
        var file = Path.Combine(platform.DataDirectory, PlatformHost.DuckDbFile);
        if (platform.ClickHouse is null && !File.Exists(file))
            throw new UserErrorException($"--data {platform.DataDirectory}: there are no metrics. Give the folder that 'run' or 'publish' was given, or --clickhouse.");
        var data = platform.ClickHouse is null ? DataDirectory.Open(platform.DataDirectory) : null;
        try
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddAnalyticsStore(analytics =>
            {
                analytics.ClickHouse = platform.ClickHouse;
                analytics.DuckDbFile = file;
                analytics.StatementTimeout = StatementTimeout;
            });
            return new AnalyticsDesk(platform, data, services.BuildServiceProvider());
        }
        catch (FormatException exception)
        {
            data?.Dispose();
            throw new UserErrorException($"--clickhouse: {exception.Message}", exception);
        }
    }

    /// <param name="window">What is compared.</param>
    /// <param name="tenant">Null for all of them.</param>
    /// <param name="repair">Who has what is missing written; null where that is only told.</param>
    /// <param name="json">Whether the report is for programs.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>0 where store and topics agree; else 1.</returns>
    public Task<int> ReconcileAsync(TimeWindow window, string? tenant, Operator? repair, bool json, CancellationToken cancellationToken) => AskingAsync(async () =>
    {
        using var history = OpenHistory();
        await _services.GetRequiredService<MetricsSchema>().EnsureAsync(cancellationToken);
        var compared = Coverage.Comparable(window, history.CompleteFrom, _services.GetRequiredService<AnalyticsOptions>().Retention, Now);
        var reconciler = _services.GetRequiredService<MetricsReconciler>();
        var found = await reconciler.CompareAsync(compared, tenant, history.Events(cancellationToken), cancellationToken);
        var left = found;
        if (repair is not null && found.Differences.Count > 0)
        {
            await RecordAsync(repair, "REPAIR_METRICS", tenant, cancellationToken);
            await reconciler.RepairAsync(found.Differences, history.Events(cancellationToken).Select(item => item.Event), cancellationToken);
            left = await reconciler.CompareAsync(compared, tenant, history.Events(cancellationToken), cancellationToken);
        }

        var report = ReconcileReport.Of(compared, history, found, left);
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(report, AnalyticsJson.Default.ReconcileReport));
        else
            ReconcileText.Write(Console.Out, report);
        return report.Agrees ? 0 : 1;
    });

    /// <returns>0.</returns>
    public Task<int> RebuildAsync(TimeWindow window, bool allowFewer, Operator by, bool json, CancellationToken cancellationToken) => AskingAsync(async () =>
    {
        using var history = OpenHistory();
        Coverage.Demand(window, history.CompleteFrom);
        await RecordAsync(by, "REBUILD_METRICS", null, cancellationToken);
        await _services.GetRequiredService<MetricsSchema>().EnsureAsync(cancellationToken);
        try
        {
            var tables = await _services.GetRequiredService<MetricsRebuilder>().RunAsync(
                window, history.Events(cancellationToken), history.Since(CancellationToken.None), allowFewer, cancellationToken);
            if (json)
                Console.Out.WriteLine(JsonSerializer.Serialize(RebuildReport.Of(window, tables), AnalyticsJson.Default.RebuildReport));
            else
                RebuildText.Write(Console.Out, tables);
            return 0;
        }
        catch (FewerRowsException exception)
        {
            throw new UserErrorException($"{exception.Message} Nothing was changed. --allow-fewer goes on all the same.", exception);
        }
    });

    /// <returns>0.</returns>
    public Task<int> EraseAsync(string tenant, string? user, Operator by, bool json, CancellationToken cancellationToken) => AskingAsync(async () =>
    {
        foreach (var (option, value) in new[] { ("--tenant", tenant), ("--user", user), ("--reason", by.Reason ?? "") })
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
                throw new UserErrorException($"{option} is empty. Say whose metrics are erased and why; it is kept.");
        }

        // The trail can be erased only entry by entry: a user's name that is to be gone does not go into it.
        await RecordAsync(by, user is null ? "ERASE_METRICS" : "ERASE_USER_IN_METRICS", tenant, cancellationToken);
        await _services.GetRequiredService<MetricsSchema>().EnsureAsync(cancellationToken);
        var receipt = await _services.GetRequiredService<MetricsEraser>().EraseAsync(tenant, user, by.Name, by.Reason!, cancellationToken);
        if (json)
            Console.Out.WriteLine(JsonSerializer.Serialize(EraseReport.Of(receipt), AnalyticsJson.Default.EraseReport));
        else
            EraseText.Write(Console.Out, receipt);
        return 0;
    });

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _data?.Dispose();
    }

    private DateTimeOffset Now => _services.GetRequiredService<TimeProvider>().GetUtcNow();

    private MetricsHistory OpenHistory()
    {
        if (_platform.Kafka is null)
            throw new UserErrorException("The embedded broker forgets an event once it is handled, so there is nothing to compare metrics with or to rebuild them from. Give the brokers of 'run' with --kafka.");
        var client = new KafkaClientOptions { BootstrapServers = _platform.Kafka, Service = "phantomsync" };
        return new MetricsHistory(new KafkaConnection(client, new FixedBrokerAddress(client.BootstrapServers)), Now);
    }

    private Task RecordAsync(Operator by, string action, string? tenant, CancellationToken cancellationToken) =>
        DeedRecord.AddAsync(_platform, by, new OperatorDeed(action, tenant ?? OperatorDeed.Platform, "METRICS", tenant ?? "all"), cancellationToken);

    private static async Task<int> AskingAsync(Func<Task<int>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HistoryUnavailableException exception)
        {
            throw new UserErrorException($"--kafka: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is DbException or HttpRequestException)
        {
            throw new UserErrorException($"The metrics cannot be worked on: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}
