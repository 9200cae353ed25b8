using System.Diagnostics;
using PhantomSync.Analytics;
using PhantomSync.Tests.Analytics.ClickHouse;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

/// <summary>
/// How fast ten million rows answer: <c>dotnet run --project tests/PhantomSync.Tests -- -explicit only -class "*TenMillionRows" -showLiveOutput</c>.
/// </summary>
public sealed class TenMillionRows(ClickHouseServer server, ITestOutputHelper output)
{
    private const int Rows = 10_000_000;

    [Fact(Explicit = true)]
    public async Task On_ClickHouse()
    {
        await using var bed = AnalyticsBed.ClickHouse(server);
        await bed.Store.MigrateAsync(CancellationToken.None);
        await bed.ExecuteAsync(
            $"""
            INSERT INTO inference_metrics (timestamp, tenant_id, model_id, model_version, inference_time_ms, confidence_score, user_id, inference_id, event_id, source_service)
            SELECT toDateTime64('{Start.AddDays(-9):yyyy-MM-dd HH:mm:ss}', 6, 'UTC') + toIntervalMillisecond(number * 77), 'acme', if(number % 2 = 0, 'fraud', 'other'),
                concat('v', toString(number % 3)), rand() % 1000, rand(1) % 1000 / 1000, concat('user-', toString(number % 1000)), toString(number), generateUUIDv4(), 'tests'
            FROM numbers({Rows}) SETTINGS max_partitions_per_insert_block = 0
            """);
        await bed.ExecuteAsync(
            $"""
            INSERT INTO performance_metrics (timestamp, tenant_id, service_name, metric_name, metric_value, occurred_at, event_id, source_service)
            SELECT toDateTime64('{Start.AddDays(-9):yyyy-MM-dd HH:mm:ss}', 6, 'UTC') + toIntervalMillisecond(number * 77) AS timestamp, 'acme', 'gateway',
                concat('metric-', toString(number % 5)), rand() / 7, timestamp, generateUUIDv4(), 'tests'
            FROM numbers({Rows}) SETTINGS max_partitions_per_insert_block = 0
            """);
        await bed.ExecuteAsync(
            $"""
            INSERT INTO training_metrics (timestamp, tenant_id, training_job_id, model_id, metric_name, metric_value, training_duration_ms, event_id, source_service)
            SELECT toDateTime64('{Start.AddDays(-9):yyyy-MM-dd HH:mm:ss}', 6, 'UTC') + toIntervalMillisecond(number * 77), 'acme', concat('job-', toString(intDiv(number, 10))),
                if(intDiv(number, 10) % 2 = 0, 'fraud', 'other'), concat('metric-', toString(number % 10)), rand() / 7, 1000, generateUUIDv4(), 'tests'
            FROM numbers({Rows}) SETTINGS max_partitions_per_insert_block = 0
            """);
        await TimeAsync("first refresh of the roll-ups", () => bed.Store.RefreshRollupsAsync(CancellationToken.None), times: 1);
        await bed.Store.RecordAsync(Enumerable.Range(0, 5_000).Select(i => Inference(i, Start.AddMilliseconds(i))));
        await TimeAsync("refresh after one more batch", () => bed.Store.RefreshRollupsAsync(CancellationToken.None), times: 1);
        await AskAsync(bed);
        foreach (var part in await bed.TextsAsync("SELECT concat(table, ' ', toString(sum(rows)), ' rows, ', formatReadableSize(sum(bytes_on_disk)), ', parts ', toString(count())) FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table"))
            output.WriteLine(part);
    }

    [Fact(Explicit = true)]
    public async Task On_DuckDb()
    {
        await using var bed = AnalyticsBed.DuckDb();
        await bed.Store.MigrateAsync(CancellationToken.None);
        var time = $"TIMESTAMP '{Start.AddDays(-9):yyyy-MM-dd HH:mm:ss}' + to_milliseconds(i * 77)";
        await bed.ExecuteAsync($"INSERT INTO inference_metrics SELECT {time}, 'acme', CASE WHEN i % 2 = 0 THEN 'fraud' ELSE 'other' END, 'v' || i % 3, (random() * 1000)::UBIGINT, random(), 'user-' || i % 1000, i::VARCHAR, uuid(), 'tests', {time} FROM range({Rows}) AS r(i)");
        await bed.ExecuteAsync($"INSERT INTO performance_metrics SELECT {time}, 'acme', 'gateway', 'metric-' || i % 5, random(), {time}, uuid(), 'tests', {time} FROM range({Rows}) AS r(i)");
        await bed.ExecuteAsync($"INSERT INTO training_metrics SELECT {time}, 'acme', 'job-' || i // 10, CASE WHEN (i // 10) % 2 = 0 THEN 'fraud' ELSE 'other' END, 'metric-' || i % 10, random(), 1000, uuid(), 'tests', {time} FROM range({Rows}) AS r(i)");
        await TimeAsync("a batch of 5,000 written", () => bed.Store.RecordAsync(Enumerable.Range(0, 5_000).Select(i => Inference(i, Start.AddMilliseconds(i)))), times: 3);
        await AskAsync(bed);
    }

    private async Task AskAsync(AnalyticsBed bed)
    {
        foreach (var resolution in Enum.GetValues<Resolution>())
        {
            await TimeAsync($"inferences of a model by {resolution}", () => bed.Queries.InferencesAsync("acme", "fraud", Around, resolution));
            await TimeAsync($"performance of a service by {resolution}", () => bed.Queries.PerformanceAsync("acme", "gateway", Around, resolution));
        }

        await TimeAsync("training metrics of a job", () => bed.Queries.TrainingJobAsync("acme", "job-77777"));
        await TimeAsync("one metric across a model's jobs, the latest 1,000", () => bed.Queries.TrainingMetricAsync("acme", "fraud", "metric-3", Around));
    }

    private async Task TimeAsync(string what, Func<Task> work, int times = 5)
    {
        var all = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            await work();
            all.Add(watch.Elapsed.TotalMilliseconds);
        }

        output.WriteLine($"{what}: median {all.Order().ElementAt(times / 2):F0} ms, slowest {all.Max():F0} ms");
    }
}
