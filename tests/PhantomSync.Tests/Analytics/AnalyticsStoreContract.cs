using PhantomSync.Analytics;
using PhantomSync.Contracts;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

/// <summary>What every store of metrics does.</summary>
public abstract class AnalyticsStoreContract : IAsyncLifetime
{
    private static readonly Resolution[] Resolutions = Enum.GetValues<Resolution>();

    protected AnalyticsBed Bed { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Bed = CreateBed();
        await Bed.Store.MigrateAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (Bed is not null)
            await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract AnalyticsBed CreateBed(TimeSpan? retention = null);

    [Theory, Trait("row", "S14.02")]
    [InlineData("inference_metrics", "timestamp, tenant_id, model_id, model_version, inference_time_ms, confidence_score, user_id, inference_id")]
    [InlineData("training_metrics", "timestamp, tenant_id, training_job_id, model_id, metric_name, metric_value, training_duration_ms")]
    [InlineData("performance_metrics", "timestamp, tenant_id, service_name, metric_name, metric_value")]
    public async Task The_tables_have_the_columns_of_the_source_design_and_say_where_rows_come_from(string table, string columns)
    {
        var there = await Bed.TextsAsync($"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = {CurrentSchema}");
        columns.Split(", ").Concat(["event_id", "source_service", "ingested_at"]).ShouldBeSubsetOf(there);
    }

    [Fact, Trait("row", "S14.07")]
    public async Task What_is_written_twice_counts_once()
    {
        var events = Everything().ToArray();
        await Bed.Store.RecordAsync(events);
        await Bed.Store.RefreshRollupsAsync(Cancel);
        var once = await AnswersAsync();

        // Redelivered whole, in other batches, and twice in one batch.
        await Bed.Store.RecordAsync(events);
        foreach (var part in events.Chunk(37))
            await Bed.Store.RecordAsync(part);
        await Bed.Store.RecordAsync(events.Concat(events));
        await Bed.Store.RefreshRollupsAsync(Cancel);

        (await AnswersAsync()).ShouldBe(once);
        (await Bed.CountAsync("inference_metrics")).ShouldBe(300);
        (await Bed.CountAsync("training_runs")).ShouldBe(2);
        (await Bed.CountAsync("performance_metrics")).ShouldBe(40);
    }

    [Fact, Trait("row", "S14.09")]
    public async Task Rollups_add_up_at_every_resolution()
    {
        await Bed.Store.RecordAsync(Enumerable.Range(0, 3_000).Select(i => Inference(i, Start.AddSeconds(i * 3), version: i % 2 == 0 ? "v1" : "v2")));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        foreach (var (resolution, stretches) in Resolutions.Zip([150, 3, 1]))
        {
            var points = await Bed.Queries.InferencesAsync("acme", "fraud", Around, resolution, cancellationToken: Cancel);
            points.Count.ShouldBe(2 * stretches);
            points.Sum(point => (long)point.Predictions).ShouldBe(3_000);
            points.Select(point => point.Start).ShouldBe(points.Select(point => point.Start).Order());
            points.ShouldAllBe(point => point.Start.Kind == DateTimeKind.Utc);
        }

        var day = (await Bed.Queries.InferencesAsync("acme", "fraud", Around, Resolution.Day, "v2", Cancel)).ShouldHaveSingleItem();
        day.ModelVersion.ShouldBe("v2");
        day.Start.ShouldBe(Start.UtcDateTime.Date);
        day.Predictions.ShouldBe(1_500ul);
        day.PerSecond.ShouldBe(1_500 / 86_400.0, 1e-9);

        // v2 has the even times 2, 4 … 1,000 and the odd hundredths of confidence.
        day.MeanLatencyMs.ShouldBe(501, 0.001);
        day.LatencyMs.P50.ShouldBe(501, 10);
        day.LatencyMs.P95.ShouldBe(950, 10);
        day.LatencyMs.P99.ShouldBe(990, 10);
        day.MeanConfidence.ShouldBe(0.5, 0.001);
        day.Confidence.P50.ShouldBe(0.5, 0.02);
        day.Confidence.P99.ShouldBe(0.99, 0.02);
    }

    [Fact, Trait("row", "S14.10")]
    public async Task Late_data_joins_the_time_it_happened_in()
    {
        await Bed.Store.RecordAsync(Inference(1, Start), Inference(2, Start.AddMinutes(1)));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        await Bed.Store.RecordAsync(Inference(3, Start.AddDays(-9)), Inference(4, Start));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        foreach (var resolution in Resolutions)
        {
            var points = await Bed.Queries.InferencesAsync("acme", "fraud", Around, resolution, cancellationToken: Cancel);
            points[0].Start.ShouldBeLessThanOrEqualTo(Start.AddDays(-9).UtcDateTime);
            points[0].Predictions.ShouldBe(1ul);
            points.Sum(point => (long)point.Predictions).ShouldBe(4);
        }

        (await Bed.Queries.InferencesAsync("acme", "fraud", new TimeWindow(Start, Start.AddMinutes(1)), Resolution.Minute, cancellationToken: Cancel))
            .ShouldHaveSingleItem().Predictions.ShouldBe(2ul);
        (await Bed.TextsAsync("SELECT count(*) FROM inference_metrics WHERE late_by_ms > 86400000")).ShouldBe(["4"]);
    }

    [Fact]
    public async Task Rows_from_many_years_are_written_in_one_batch()
    {
        await Bed.Store.RecordAsync(Enumerable.Range(0, 130).Select(i => Inference(i, Start.AddMonths(-i))).Append(Inference(0, DateTimeOffset.MaxValue)));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        var points = await Bed.Queries.InferencesAsync("acme", "fraud", new TimeWindow(DateTimeOffset.MinValue, DateTimeOffset.MaxValue), Resolution.Day, cancellationToken: Cancel);
        points.Count.ShouldBe(130);
    }

    [Fact, Trait("row", "S14.12")]
    public async Task What_is_not_a_number_is_kept_and_left_out_of_sums()
    {
        await Bed.Store.RecordAsync(
            Performance(Start, Map(("cpu", 1), ("broken", double.NaN))),
            Performance(Start, Map(("cpu", double.NaN), ("broken", double.NegativeInfinity))),
            Performance(Start, Map(("cpu", double.PositiveInfinity))),
            Performance(Start, Map(("cpu", 3))),
            Completed("job", Start, Map(("loss", double.NaN), ("gain", double.PositiveInfinity), ("drop", double.NegativeInfinity), ("tiny", double.Epsilon))));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        foreach (var resolution in Resolutions)
        {
            var points = await Bed.Queries.PerformanceAsync("acme", "gateway", Around, resolution, cancellationToken: Cancel);
            points.Select(point => point.Metric).ShouldBe(["broken", "cpu"]);
            (points[0].Samples, points[0].NotFinite, points[0].Mean, points[0].Min, points[0].Values).ShouldBe((2ul, 2ul, null, null, null));
            (points[1].Samples, points[1].NotFinite, points[1].Mean, points[1].Min, points[1].Max).ShouldBe((4ul, 2ul, 2.0, 1.0, 3.0));
        }

        (await Bed.Queries.TrainingJobAsync("acme", "job", Cancel)).Select(metric => (metric.Name, metric.Value))
            .ShouldBe([("drop", double.NegativeInfinity), ("gain", double.PositiveInfinity), ("loss", double.NaN), ("tiny", double.Epsilon)]);
    }

    [Fact, Trait("row", "S14.11")]
    public async Task A_measurement_counts_when_it_was_made()
    {
        await Bed.Store.RecordAsync(Performance(Start.AddSeconds(59), Map(("cpu", 1))));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        (await Bed.Queries.PerformanceAsync("acme", "gateway", Around, Resolution.Minute, "cpu", Cancel)).ShouldHaveSingleItem().Start.ShouldBe(Start.UtcDateTime);
        (await Bed.TextsAsync("SELECT count(*) FROM performance_metrics WHERE occurred_at > timestamp")).ShouldBe(["1"]);
    }

    [Fact, Trait("row", "S14.13")]
    [Trait("row", "S14.05"), Trait("row", "S2.08")]
    public async Task Counts_are_exact_up_to_the_last()
    {
        await Bed.Store.RecordAsync(
            Batch(Start, ulong.MaxValue, 0.25),
            Batch(Start, ulong.MaxValue - 2, 0.25),
            Batch(Start, 0, 0.9, version: "v2"),
            Inference(1, Start, ms: ulong.MaxValue),
            Completed("job", Start, Map(("a", 1)), ulong.MaxValue));
        var totals = await Bed.Queries.BatchInferencesAsync("acme", "fraud", Around, Cancel);
        totals.Select(total => (total.ModelVersion, total.Batches, total.Predictions, total.TotalTimeMs)).ShouldBe(
            [("v1", 2ul, (UInt128)ulong.MaxValue + ulong.MaxValue - 2, (UInt128)ulong.MaxValue * 2), ("v2", 1ul, (UInt128)0, (UInt128)ulong.MaxValue)]);
        totals[0].MeanConfidence!.Value.ShouldBe(0.25, 1e-9);
        totals[1].MeanConfidence.ShouldBeNull();
        (await Bed.TextsAsync("SELECT inference_time_ms FROM inference_metrics")).ShouldBe(["18446744073709551615"]);
        (await Bed.Queries.TrainingJobAsync("acme", "job", Cancel)).ShouldHaveSingleItem().TrainingDurationMs.ShouldBe(ulong.MaxValue);
    }

    [Fact, Trait("row", "S14.03")]
    public async Task A_job_counts_once_however_many_metrics_it_has()
    {
        await Bed.Store.RecordAsync(
            Completed("none", Start, Map(), 5_000),
            Completed("ten", Start.AddHours(1), Enumerable.Range(0, 10).ToDictionary(i => $"metric-{i}", i => (double)i), 7_000),
            Failed("failed", Start));
        (await Bed.Queries.TrainingRunsAsync("acme", "fraud", Around, Cancel)).ShouldBe(new TrainingTotals(2, 1, 12_000));
        (await Bed.Queries.TrainingJobAsync("acme", "none", Cancel)).ShouldBeEmpty();
        (await Bed.Queries.TrainingJobAsync("acme", "ten", Cancel)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_job_that_is_reported_again_ends_as_its_latest_report_says()
    {
        await Bed.Store.RecordAsync(Completed("job", Start.AddHours(2), Map(("a", 1)), 9_000));
        await Bed.Store.RecordAsync(Failed("job", Start));
        (await Bed.Queries.TrainingRunsAsync("acme", "fraud", Around, Cancel)).ShouldBe(new TrainingTotals(1, 0, 9_000));
    }

    [Fact]
    public async Task A_metric_is_followed_across_jobs()
    {
        await Bed.Store.RecordAsync(Enumerable.Range(0, 5).Select(i => Completed($"job-{i}", Start.AddHours(i), Map(("accuracy", i / 10.0), ("loss", 1)))));
        (await Bed.Queries.TrainingMetricAsync("acme", "fraud", "accuracy", Around, limit: 3, cancellationToken: Cancel))
            .Select(metric => (metric.JobId, metric.Value, metric.At)).ShouldBe(
            [("job-4", 0.4, Start.AddHours(4).UtcDateTime), ("job-3", 0.3, Start.AddHours(3).UtcDateTime), ("job-2", 0.2, Start.AddHours(2).UtcDateTime)]);
    }

    [Fact]
    public async Task Agents_are_summed_up()
    {
        await Bed.Store.RecordAsync(Enumerable.Range(1, 100).Select(i => Agent(Start, (ulong)i)));
        var agent = (await Bed.Queries.AgentsAsync("acme", Around, Cancel)).ShouldHaveSingleItem();
        (agent.AgentId, agent.Executions).ShouldBe(("planner", 100ul));
        agent.TimeMs.P95.ShouldBe(95, 2);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData(" \n")]
    [InlineData("\t\r\n")]
    public async Task Rows_that_begin_like_white_space_are_not_taken_for_it(string bytes)
    {
        // The first bytes of a row are the lowest of its time in microseconds.
        var wanted = bytes.Select((character, i) => (long)character << (8 * i)).Sum();
        var size = 1L << (8 * bytes.Length);
        var since = (Start - DateTimeOffset.UnixEpoch).Ticks / 10;
        var at = DateTimeOffset.UnixEpoch.AddTicks(((since / size * size) + size + wanted) * 10);
        await Bed.Store.RecordAsync(Inference(1, at), Inference(2, at));
        (await Bed.CountAsync("inference_metrics")).ShouldBe(2);
    }

    [Theory, Trait("row", "S14.15")]
    [InlineData("globex")]
    [InlineData("acme' OR '1'='1")]
    [InlineData("%")]
    [InlineData("")]
    public async Task A_tenant_sees_nothing_of_another(string other)
    {
        await Bed.Store.RecordAsync(Everything());
        await Bed.Store.RefreshRollupsAsync(Cancel);
        (await Bed.Queries.InferencesAsync(other, "fraud", Around, Resolution.Day, cancellationToken: Cancel)).ShouldBeEmpty();
        (await Bed.Queries.BatchInferencesAsync(other, "fraud", Around, Cancel)).ShouldBeEmpty();
        (await Bed.Queries.TrainingJobAsync(other, "job-1", Cancel)).ShouldBeEmpty();
        (await Bed.Queries.TrainingMetricAsync(other, "fraud", "accuracy", Around, cancellationToken: Cancel)).ShouldBeEmpty();
        (await Bed.Queries.TrainingRunsAsync(other, "fraud", Around, Cancel)).ShouldBe(new TrainingTotals(0, 0, 0));
        (await Bed.Queries.PerformanceAsync(other, "gateway", Around, Resolution.Day, cancellationToken: Cancel)).ShouldBeEmpty();
        (await Bed.Queries.AgentsAsync(other, Around, Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'; DROP TABLE inference_metrics; --")]
    [InlineData("back\\slash \\N \\t 'quote' \"double\" `tick`")]
    [InlineData("tab\tnew\nline\r\u0001")]
    [InlineData("{tenant:String} ? $1 @p :p %s 🦆 \u202E")]
    public async Task Text_is_kept_and_found_as_it_is(string text)
    {
        await Bed.Store.RecordAsync(Inference(1, Start, tenant: text, model: text, version: text), Performance(Start, Map((text, 1)), text, text));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        (await Bed.Queries.InferencesAsync(text, text, Around, Resolution.Hour, text, Cancel)).ShouldHaveSingleItem().ModelVersion.ShouldBe(text);
        (await Bed.Queries.PerformanceAsync(text, text, Around, Resolution.Hour, text, Cancel)).ShouldHaveSingleItem().Metric.ShouldBe(text);
    }

    [Fact, Trait("row", "S14.09")]
    public async Task Migrating_again_changes_nothing()
    {
        await Bed.Store.RecordAsync(Everything());
        await Task.WhenAll(Bed.Store.MigrateAsync(Cancel), Bed.Store.MigrateAsync(Cancel));
        (await Bed.CountAsync("inference_metrics")).ShouldBe(300);
        (await Bed.CountAsync("schema_versions")).ShouldBe(Bed.Versions.Length);
    }

    [Fact]
    public async Task A_store_of_an_earlier_release_is_brought_up_to_date_with_its_rows()
    {
        await Bed.Store.RecordAsync(Inference(1, Start));
        foreach (var resolution in Resolutions)
        {
            await Bed.ExecuteAsync($"DROP {RollupKind} inference_{resolution.ToString().ToLowerInvariant()}");
            await Bed.ExecuteAsync($"DROP {RollupKind} performance_{resolution.ToString().ToLowerInvariant()}");
        }

        await Bed.ExecuteAsync("TRUNCATE TABLE schema_versions");
        await Bed.ExecuteAsync("INSERT INTO schema_versions (version) VALUES (1)");
        await Bed.Store.MigrateAsync(Cancel);
        await Bed.Store.RefreshRollupsAsync(Cancel);
        (await Bed.Queries.InferencesAsync("acme", "fraud", Around, Resolution.Hour, cancellationToken: Cancel)).ShouldHaveSingleItem();
        (await Bed.CountAsync("schema_versions")).ShouldBe(Bed.Versions.Length);
    }

    [Fact]
    public async Task What_is_older_than_the_retention_goes()
    {
        await using var bed = CreateBed(TimeSpan.FromDays(100));
        await bed.Store.MigrateAsync(Cancel);
        await bed.Store.RecordAsync(Inference(1, Start), Inference(2, Start.AddDays(-200)));
        await bed.Store.PruneAsync(Cancel);
        await SettleAsync(bed);
        (await bed.CountAsync("inference_metrics")).ShouldBe(1);
    }

    /// <summary>As SQL.</summary>
    protected abstract string CurrentSchema { get; }

    /// <summary>What a roll-up is, as SQL.</summary>
    protected abstract string RollupKind { get; }

    /// <summary>Has the engine do now what it does in time.</summary>
    protected abstract Task SettleAsync(AnalyticsBed bed);

    private static IEnumerable<ISyncEvent> Everything() =>
    [
        .. Enumerable.Range(0, 300).Select(i => Inference(i, Start.AddSeconds(i * 40), version: $"v{i % 3}")),
        Batch(Start, 10, 0.5),
        Batch(Start.AddDays(1), 30, 0.7),
        Completed("job-1", Start, Map(("accuracy", 0.9), ("loss", double.NaN))),
        Failed("job-2", Start),
        .. Enumerable.Range(0, 20).Select(i => Performance(Start.AddMinutes(i), Map(("cpu", i), ("memory", i % 3 == 0 ? double.NaN : i)))),
        Agent(Start, 12),
        Agent(Start, 13),
    ];

    /// <summary>All answers as one text.</summary>
    private async Task<string> AnswersAsync()
    {
        var all = new List<object>();
        foreach (var resolution in Resolutions)
        {
            all.AddRange(await Bed.Queries.InferencesAsync("acme", "fraud", Around, resolution, cancellationToken: Cancel));
            all.AddRange(await Bed.Queries.PerformanceAsync("acme", "gateway", Around, resolution, cancellationToken: Cancel));
        }

        all.AddRange(await Bed.Queries.BatchInferencesAsync("acme", "fraud", Around, Cancel));
        all.AddRange(await Bed.Queries.TrainingJobAsync("acme", "job-1", Cancel));
        all.Add(await Bed.Queries.TrainingRunsAsync("acme", "fraud", Around, Cancel));
        all.AddRange(await Bed.Queries.AgentsAsync("acme", Around, Cancel));
        all.Count.ShouldBeGreaterThan(300);
        return string.Join("\n", all);
    }
}
