using PhantomSync.Tests.Analytics.ClickHouse;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

public sealed class ClickHouseStoreTests(ClickHouseServer server) : AnalyticsStoreContract
{
    [Fact, Trait("row", "S14.06")]
    public async Task A_micro_batch_is_one_insert_and_one_part_of_the_table()
    {
        await Bed.ExecuteAsync("SYSTEM STOP MERGES inference_metrics");
        foreach (var batch in Enumerable.Range(0, 3))
            await Bed.Store.RecordAsync(Enumerable.Range(batch * 5_000, 5_000).Select(i => Inference(i, Start)));
        (await Bed.TextsAsync("SELECT count() FROM system.parts WHERE database = currentDatabase() AND table = 'inference_metrics' AND active")).ShouldBe(["3"]);
        (await Bed.CountAsync("inference_metrics")).ShouldBe(15_000);
    }

    [Fact, Trait("row", "S14.09")]
    public async Task The_tables_are_laid_out_for_the_questions()
    {
        var definition = (await Bed.TextsAsync("SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = 'inference_metrics'")).ShouldHaveSingleItem();
        foreach (var part in (string[])["ReplacingMergeTree(ingested_at)", "PARTITION BY toYYYYMM(timestamp)", "ORDER BY (tenant_id, model_id, timestamp, event_id)", "TTL toDateTime(timestamp)", "CODEC(Delta(8), ZSTD(1))", "`tenant_id` LowCardinality(String)"])
            definition.ShouldContain(part);
    }

    [Fact, Trait("row", "S14.04")]
    public async Task Names_that_repeat_are_kept_once_per_part()
    {
        var definition = (await Bed.TextsAsync("SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND name = 'performance_metrics'")).ShouldHaveSingleItem();
        foreach (var part in (string[])["`tenant_id` LowCardinality(String)", "`service_name` LowCardinality(String)", "`metric_name` LowCardinality(String)", "`metric_value` Float64"])
            definition.ShouldContain(part);
    }

    protected override string CurrentSchema => "currentDatabase()";

    protected override string RollupKind => "TABLE";

    protected override AnalyticsBed CreateBed(TimeSpan? retention = null) => AnalyticsBed.ClickHouse(server, retention);

    protected override Task SettleAsync(AnalyticsBed bed) => bed.ExecuteAsync("OPTIMIZE TABLE inference_metrics FINAL");
}
