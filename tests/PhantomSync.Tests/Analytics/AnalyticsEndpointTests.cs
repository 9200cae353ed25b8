using System.Data.Common;
using System.Net;
using PhantomSync.Analytics;
using PhantomSync.Analytics.ClickHouse;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Tests.Analytics.ClickHouse;
using PhantomSync.Tests.Relaying;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

/// <summary>From Kafka into the store.</summary>
public sealed class AnalyticsEndpointTests(ClickHouseServer server)
{
    /// <summary>Neither the store nor its tables are to be had.</summary>
    private const long Away = -1;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Trait("row", "S14.01")]
    [Trait("row", "S14.08"), Trait("row", "S2.12")]
    public async Task Every_kind_of_metric_arrives_and_a_redelivered_one_counts_once()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-duck-");
        await using (var host = await AnalyticsHost.StartAsync(options => options.DuckDbFile = Path.Combine(directory.FullName, "analytics.duckdb")))
        {
            ISyncEvent[] events =
            [
                .. Enumerable.Range(0, 200).Select(i => Inference(i, Start)),
                Batch(Start, 10, 0.5),
                Completed("job-1", Start, Map(("accuracy", 0.9), ("loss", double.NaN))),
                Failed("job-2", Start),
                Performance(Start, Map(("cpu", 1))),
                Agent(Start, 5),
            ];
            await host.PublishAsync(events);
            await host.PublishAsync(events);
            await host.PublishAsync(Inference(200, Start), Failed("job-3", Start), Performance(Start, Map(("last", 1))));
            await Wait.ForAsync(async () =>
                await PredictionsAsync(host) == 201
                && await host.Queries.TrainingRunsAsync("acme", "fraud", Around, Cancel) == new TrainingTotals(1, 2, 1_000)
                && (await host.Queries.PerformanceAsync("acme", "gateway", Around, Resolution.Day, cancellationToken: Cancel)).Count == 2
                && (await host.Queries.AgentsAsync("acme", Around, Cancel)).Count == 1
                && (await host.Queries.BatchInferencesAsync("acme", "fraud", Around, Cancel)).Count == 1);
            (await host.Queries.TrainingJobAsync("acme", "job-1", Cancel)).Select(metric => metric.Value).ShouldBe([0.9, double.NaN]);
            (await host.Queries.PerformanceAsync("acme", "gateway", Around, Resolution.Day, cancellationToken: Cancel)).ShouldAllBe(point => point.Samples == 1);
            host.DeadLetters().ShouldBeEmpty();
        }

        directory.Delete(recursive: true);
    }

    [Fact, Trait("row", "S14.14")]
    [Trait("row", "S14.08")]
    public async Task While_ClickHouse_is_away_its_records_wait_and_the_others_go_on()
    {
        var database = server.NewDatabase();
        var port = ClickHouseFront.FreePort();
        var target = new IPEndPoint((await Dns.GetHostAddressesAsync(database.Host, Cancel))[0], database.Port);

        // Away from the start: the schema, too, is made when it comes.
        await using var host = await AnalyticsHost.StartAsync(options => options.ClickHouse = new UriBuilder(database) { Host = "127.0.0.1", Port = port }.Uri.ToString());
        await host.PublishAsync(Enumerable.Range(0, 100).Select(i => Inference(i, Start)));
        await Wait.ForAsync(() => host.SeenByTheOther == 100 && host.Lag("analytics") == 100 && host.Lag("other") == 0);
        using (new TcpForwarder(port, target))
        {
            await Wait.ForAsync(async () => await PredictionsAsync(host) == 100 && host.Lag("analytics") == 0);
        }

        await host.PublishAsync(Enumerable.Range(100, 300).Select(i => Inference(i, Start.AddMinutes(i))));
        await Wait.ForAsync(() => host.SeenByTheOther == 400 && host.Lag("analytics") == 300);
        (await PredictionsAsync(host)).ShouldBe(Away);

        using (new TcpForwarder(port, target))
        {
            await Wait.ForAsync(async () => await PredictionsAsync(host) == 400);
            host.DeadLetters().ShouldBeEmpty();
        }
    }

    [Fact, Trait("row", "S14.14")]
    public async Task A_row_that_ClickHouse_refuses_goes_to_the_dead_letters_alone()
    {
        await using var host = await AnalyticsHost.StartAsync(options => options.ClickHouse = server.NewDatabase().ToString());
        await host.Store.MigrateAsync(Cancel);
        await ((ClickHouseStore)host.Store).Client.ExecuteNonQueryAsync("ALTER TABLE inference_metrics ADD CONSTRAINT sane CHECK inference_time_ms != 666", cancellationToken: Cancel);
        await host.PublishAsync(Enumerable.Range(0, 100).Select(i => Inference(i, Start, ms: i == 42 ? 666ul : 1)));
        await Wait.ForAsync(async () => await PredictionsAsync(host) == 99);
        await Wait.ForAsync(() => host.DeadLetters().Count == 1);
        host.DeadLetters()[0].ShouldContain("sane");
    }

    private static async Task<long> PredictionsAsync(AnalyticsHost host)
    {
        try
        {
            return (await host.Queries.InferencesAsync("acme", "fraud", Around, Resolution.Day, cancellationToken: Cancel)).Sum(point => (long)point.Predictions);
        }
        catch (Exception exception) when (exception is DbException or HttpRequestException)
        {
            return Away;
        }
    }
}
