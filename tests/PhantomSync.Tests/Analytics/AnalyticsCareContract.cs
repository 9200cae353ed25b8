using System.Globalization;
using System.Text.RegularExpressions;
using PhantomSync.Analytics;
using PhantomSync.Analytics.Recording;
using PhantomSync.Contracts;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

/// <summary>That a store is what its source says, can be made anew from it, and forgets whom it must.</summary>
public abstract partial class AnalyticsCareContract : IAsyncLifetime
{
    private static readonly TimeWindow Always = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

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

    protected abstract AnalyticsBed CreateBed();

    [Fact, Trait("row", "S14.18")]
    public async Task What_is_recorded_is_what_the_source_says()
    {
        var events = Everything("acme").Concat(Everything("globex")).ToArray();
        await Bed.Store.RecordAsync(events);
        var compared = await CompareAsync(Handled(events.Concat(events.Take(50))));
        compared.Differences.ShouldBeEmpty();
        (compared.Rows, compared.Waiting).ShouldBe((Rows * 2, 0));
        compared.Slices.ShouldBeGreaterThan(10);
    }

    [Fact, Trait("row", "S14.18")]
    public async Task What_is_missing_is_named_with_table_tenant_and_hour_and_repaired()
    {
        var events = Everything("acme").Concat(Everything("globex")).ToArray();
        await Bed.Store.RecordAsync(events);
        await Bed.ExecuteAsync("DELETE FROM inference_metrics WHERE tenant_id = 'acme' AND inference_id IN ('inference-0', 'inference-1')");
        await Bed.ExecuteAsync("DELETE FROM performance_metrics WHERE tenant_id = 'acme' AND metric_name = 'memory'");

        var found = await CompareAsync(Handled(events));
        found.Differences.Select(difference => (difference.Slice.Table, difference.Slice.TenantId, difference.Slice.Hour, difference.Missing)).ShouldBe(
            [("inference_metrics", "acme", Start.UtcDateTime, 2), ("performance_metrics", "acme", Start.UtcDateTime, 20)]);
        (await Reconciler.CompareAsync(Always, "globex", Handled(events), Cancel)).Differences.ShouldBeEmpty();
        (await Reconciler.CompareAsync(new TimeWindow(Start.AddHours(1), Start.AddDays(2)), null, Handled(events), Cancel)).Differences.ShouldBeEmpty();

        await Reconciler.RepairAsync(found.Differences, events, Cancel);
        (await CompareAsync(Handled(events))).Differences.ShouldBeEmpty();
        (await Bed.CountAsync("inference_metrics")).ShouldBe(600);
        (await Bed.Queries.InferencesAsync("acme", "fraud", Around, Resolution.Day, cancellationToken: Cancel)).Sum(point => (long)point.Predictions).ShouldBe(300);
    }

    [Fact, Trait("row", "S14.18")]
    public async Task Other_rows_and_other_numbers_are_differences_too()
    {
        var events = Everything("acme").ToArray();
        await Bed.Store.RecordAsync(events.Append(Agent(Start, 14)));
        var changed = (TrainingJobCompleted)events.First(e => e is TrainingJobCompleted);
        var source = events.Except([changed]).Append(changed with { FinalMetrics = Map(("accuracy", 0.8), ("loss", double.NaN)) });
        (await CompareAsync(Handled(source))).Differences.Select(difference => (difference.Slice.Table, difference.Missing))
            .ShouldBe([("agent_executions", -1), ("training_metrics", 0)]);
    }

    [Fact, Trait("row", "S14.18")]
    public async Task What_is_yet_to_be_handled_may_be_there_or_not()
    {
        var events = Everything("acme").ToArray();
        await Bed.Store.RecordAsync(events[..100]);
        var partly = await CompareAsync(events.Select((e, i) => new SourceEvent(e, i < 50)));
        partly.Differences.ShouldBeEmpty();
        partly.Waiting.ShouldBe(Rows - 50);
        (await CompareAsync(events.Select((e, i) => new SourceEvent(e, i < 150)))).Differences.ShouldNotBeEmpty();
    }

    [Fact, Trait("row", "S14.18")]
    public async Task What_is_recorded_while_the_source_is_read_is_no_difference()
    {
        var events = Everything("acme").ToArray();
        await Bed.Store.RecordAsync(events);
        var later = Inference(1_000, Start);
        (await CompareAsync(Handled(events).Concat(Meanwhile(() => Bed.Store.RecordAsync(later), new SourceEvent(later, IsHandled: false))))).Differences.ShouldBeEmpty();
    }

    [Fact, Trait("row", "S14.17")]
    public async Task Made_anew_after_a_change_of_the_schema_it_is_what_it_was()
    {
        var events = Everything("acme").Concat(Everything("globex")).ToArray();
        await Bed.Store.RecordAsync(events);
        await Bed.Store.RefreshRollupsAsync(Cancel);
        var (sums, answers, ids) = (await Bed.Store.SumsAsync(Always, null, Cancel), await AnswersAsync(), await IdsAsync());

        await Bed.ExecuteAsync("ALTER TABLE inference_metrics DROP COLUMN inference_id");
        var tables = await Rebuilder.RunAsync(Always, Handled(events), [], allowFewer: false, Cancel);

        tables.ShouldAllBe(table => table.Before == table.After);
        (await Bed.Store.SumsAsync(Always, null, Cancel)).ShouldBe(sums, ignoreOrder: true);
        (await AnswersAsync()).ShouldBe(answers);
        (await IdsAsync()).ShouldBe(ids);
        await Bed.Store.RecordAsync(events);
        (await Bed.Store.SumsAsync(Always, null, Cancel)).ShouldBe(sums, ignoreOrder: true);
    }

    [Fact, Trait("row", "S14.17")]
    public async Task A_window_is_made_anew_and_the_rest_stays()
    {
        var events = Everything("acme").ToArray();
        var wrong = Inference(5_000, Start.AddHours(2), model: "planted");
        var old = Inference(6_000, Start.AddDays(-5), model: "old");
        await Bed.Store.RecordAsync(events.Append(wrong).Append(old));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        (await PredictionsAsync("planted")).ShouldBe([1, 1, 1]);

        await Rebuilder.RunAsync(new TimeWindow(Start.AddHours(1), Start.AddHours(3)), Handled(events), [], allowFewer: true, Cancel);
        (await PredictionsAsync("planted")).ShouldBe([0, 0, 0]);
        (await PredictionsAsync("old")).ShouldBe([1, 1, 1]);
        (await CompareAsync(Handled(events.Append(old)))).Differences.ShouldBeEmpty();
    }

    [Fact, Trait("row", "S14.17")]
    public async Task A_rebuild_that_would_lose_rows_changes_nothing()
    {
        var events = Everything("acme").ToArray();
        await Bed.Store.RecordAsync(events);
        var refusal = await Should.ThrowAsync<FewerRowsException>(() => Rebuilder.RunAsync(Always, Handled(events[1..]), [], allowFewer: false, Cancel));
        refusal.Message.ShouldContain("inference_metrics 299 instead of 300");
        (await CompareAsync(Handled(events))).Differences.ShouldBeEmpty();
    }

    [Fact, Trait("row", "S14.17")]
    public async Task Live_writing_loses_nothing_to_a_rebuild()
    {
        var events = Everything("acme").ToArray();
        await Bed.Store.RecordAsync(events);

        // Handled by a host while the rebuild reads: of the first kind it reads, too, of the second it only learns afterwards.
        ISyncEvent[] unhandled = [Inference(1_000, Start), Inference(1_001, Start.AddDays(-8)), Failed("late", Start.AddDays(-8))];
        ISyncEvent[] after = [Inference(1_002, Start), Inference(1_003, Start.AddDays(-8)), Performance(Start, Map(("late", 1)))];
        var source = Handled(events[..150])
            .Concat(Meanwhile(() => Bed.Store.RecordAsync(unhandled.Concat(after)), Handled(events[150..]).ToArray()))
            .Concat(unhandled.Select(e => new SourceEvent(e, IsHandled: false)));
        await Rebuilder.RunAsync(new TimeWindow(Start.AddDays(-1), Start.AddDays(1)), source, after, allowFewer: false, Cancel);

        var all = events.Concat(unhandled).Concat(after).ToArray();
        var compared = await CompareAsync(Handled(all));
        compared.Differences.ShouldBeEmpty();
        (await Bed.CountAsync("inference_metrics")).ShouldBe(304);
        (await Bed.Queries.InferencesAsync("acme", "fraud", Around, Resolution.Day, cancellationToken: Cancel)).Sum(point => (long)point.Predictions).ShouldBe(304);
    }

    [Fact, Trait("row", "S14.19")]
    public async Task An_erased_tenant_is_gone_and_stays_so()
    {
        var (acme, globex) = (Everything("acme").ToArray(), Everything("globex").ToArray());
        var tomorrow = Inference(700, DateTimeOffset.UtcNow.AddDays(1));
        await Bed.Store.RecordAsync(acme.Concat(globex).Append(tomorrow));
        await Bed.Store.RefreshRollupsAsync(Cancel);
        var others = await AnswersAsync("globex");

        var receipt = await Eraser.EraseAsync("acme", null, "alice", "the contract ended", Cancel);
        receipt.Rows["inference_metrics"].ShouldBe(301);
        receipt.Rows["training_runs"].ShouldBeInRange(2, 3);
        receipt.Rows["performance_metrics"].ShouldBe(40);
        receipt.Erasure.Before.ShouldBeGreaterThan(tomorrow.SyncMetadata.OccurredAt.ToDateTimeOffset());
        await AbsentAsync();

        // Redelivered, read again, or heard of only now.
        await Bed.Store.RecordAsync(acme.Append(tomorrow).Append(Inference(701, Start)));
        await AbsentAsync();
        await Rebuilder.RunAsync(Always, Handled(acme.Concat(globex)), acme, allowFewer: false, Cancel);
        await AbsentAsync();
        (await AnswersAsync("globex")).ShouldBe(others);
        (await CompareAsync(Handled(acme.Concat(globex).Append(tomorrow)))).Differences.ShouldBeEmpty();
        (await Bed.TextsAsync("SELECT erased_by FROM erasures WHERE tenant_id = 'acme' AND reason = 'the contract ended'")).Distinct().ShouldBe(["alice"]);

        // A tenant may come again.
        await Bed.Store.RecordAsync(Inference(702, receipt.Erasure.Before));
        (await Bed.CountAsync("inference_metrics")).ShouldBe(301);
    }

    [Fact, Trait("row", "S14.19")]
    public async Task A_tenant_erased_during_a_rebuild_does_not_come_back_with_it()
    {
        var events = Everything("acme").ToArray();
        await Bed.Store.RecordAsync(events);
        await Bed.Store.RefreshRollupsAsync(Cancel);
        var source = Handled(events).Concat(Meanwhile(() => Eraser.EraseAsync("acme", null, "alice", "asked for", Cancel)));
        await Rebuilder.RunAsync(Always, source, [], allowFewer: false, Cancel);
        await AbsentAsync();
    }

    [Fact, Trait("row", "S14.19")]
    public async Task An_erased_users_name_is_overwritten_and_stays_so()
    {
        var events = Everything("acme").Concat(Everything("globex")).ToArray();
        await Bed.Store.RecordAsync(events);
        var receipt = await Eraser.EraseAsync("acme", "user-1", "alice", "asked for", Cancel);
        receipt.Rows.ShouldBe(new Dictionary<string, long> { ["inference_metrics"] = 43 });
        await Bed.Store.RecordAsync(events);
        await Rebuilder.RunAsync(Always, Handled(events), events, allowFewer: false, Cancel);

        (await NamesAsync("acme")).ShouldBe(["erased", "user-0", "user-2", "user-3", "user-4", "user-5", "user-6"]);
        (await NamesAsync("globex")).ShouldContain("user-1");
        (await Bed.CountAsync("inference_metrics")).ShouldBe(600);
        (await CompareAsync(Handled(events))).Differences.ShouldBeEmpty();
    }

    [Theory, Trait("row", "S14.19")]
    [InlineData("acme' OR '1'='1", null)]
    [InlineData("acme", "' OR user_id != '")]
    [InlineData("%", null)]
    [InlineData("initech", "user-1")]
    public async Task Nobody_else_is_erased(string tenant, string? user)
    {
        var events = Everything("acme").ToArray();
        await Bed.Store.RecordAsync(events);
        (await Eraser.EraseAsync(tenant, user, "it's \"me\"", "a\nb\\'", Cancel)).Rows.ShouldBeEmpty();
        await Bed.Store.RecordAsync(events);
        (await CompareAsync(Handled(events))).Differences.ShouldBeEmpty();
        (await NamesAsync("acme")).Count.ShouldBe(7);
        (await Bed.Store.ErasuresAsync(Cancel)).All.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            erasure => erasure.TenantId.ShouldBe(tenant), erasure => erasure.UserId.ShouldBe(user), erasure => erasure.Reason.ShouldBe("a\nb\\'"), erasure => erasure.By.ShouldBe("it's \"me\""));
    }

    [GeneratedRegex(@"\d+\.\d{9,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Digits();

    /// <summary>Rows that <see cref="Everything"/> makes.</summary>
    private const int Rows = 300 + 2 + 2 + 2 + 40 + 2;

    private protected MetricsReconciler Reconciler => new(Bed.Store);

    private protected MetricsRebuilder Rebuilder => new(Bed.Store);

    private protected MetricsEraser Eraser => new(Bed.Store, TimeProvider.System);

    private static IEnumerable<ISyncEvent> Everything(string tenant) =>
    [
        .. Enumerable.Range(0, 300).Select(i => Inference(i, Start.AddSeconds(i * 40), tenant, version: $"v{i % 3}")),
        Batch(Start, 10, 0.5, tenant),
        Batch(Start.AddDays(1), 30, 0.7, tenant),
        Completed("job-1", Start, Map(("accuracy", 0.9), ("loss", double.NaN)), tenant: tenant),
        Failed("job-2", Start, tenant),
        Failed("job-1", Start.AddHours(-2), tenant),
        .. Enumerable.Range(0, 20).Select(i => Performance(Start.AddMinutes(i), Map(("cpu", -i / 3.0), ("memory", i % 3 == 0 ? double.NegativeInfinity : i)), tenant)),
        Agent(Start, 12, tenant),
        Agent(Start, 13, tenant),
    ];

    private static IEnumerable<SourceEvent> Handled(IEnumerable<ISyncEvent> events) => events.Select(e => new SourceEvent(e, IsHandled: true));

    /// <summary>Something that happens when a reader has come this far.</summary>
    private static IEnumerable<SourceEvent> Meanwhile(Func<Task> happens, params SourceEvent[] then)
    {
        Task.Run(happens).Wait(Cancel);
        foreach (var item in then)
            yield return item;
    }

    private Task<MetricsComparison> CompareAsync(IEnumerable<SourceEvent> source) => Reconciler.CompareAsync(Always, null, source, Cancel);

    private async Task<IReadOnlyList<string>> IdsAsync() => [.. (await Bed.TextsAsync("SELECT inference_id FROM inference_metrics")).Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<string>> NamesAsync(string tenant) =>
        [.. (await Bed.TextsAsync($"SELECT user_id FROM inference_metrics WHERE tenant_id = '{tenant}'")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<long>> PredictionsAsync(string model)
    {
        var all = new List<long>();
        foreach (var resolution in Enum.GetValues<Resolution>())
            all.Add((await Bed.Queries.InferencesAsync("acme", model, Around, resolution, cancellationToken: Cancel)).Sum(point => (long)point.Predictions));
        return all;
    }

    private async Task AbsentAsync()
    {
        await Bed.Store.RefreshRollupsAsync(Cancel);
        foreach (var table in (string[])["inference_metrics", "batch_inference_metrics", "training_metrics", "training_runs", "performance_metrics", "agent_executions", "inference_minute", "inference_hour", "inference_day", "performance_minute", "performance_hour", "performance_day"])
            (await Bed.TextsAsync($"SELECT count(*) FROM {table} WHERE tenant_id = 'acme'")).ShouldBe(["0"], table);
    }

    private async Task<string> AnswersAsync(string tenant = "acme")
    {
        var all = new List<object>();
        foreach (var resolution in Enum.GetValues<Resolution>())
        {
            all.AddRange(await Bed.Queries.InferencesAsync(tenant, "fraud", Around, resolution, cancellationToken: Cancel));
            all.AddRange(await Bed.Queries.PerformanceAsync(tenant, "gateway", Around, resolution, cancellationToken: Cancel));
        }

        all.AddRange(await Bed.Queries.BatchInferencesAsync(tenant, "fraud", Around, Cancel));
        all.AddRange(await Bed.Queries.TrainingJobAsync(tenant, "job-1", Cancel));
        all.Add(await Bed.Queries.TrainingRunsAsync(tenant, "fraud", Around, Cancel));
        all.AddRange(await Bed.Queries.AgentsAsync(tenant, Around, Cancel));

        // Sums of doubles depend on their order, at the last digits.
        return Digits().Replace(string.Join("\n", all), number => Math.Round(double.Parse(number.Value, CultureInfo.InvariantCulture), 9).ToString(CultureInfo.InvariantCulture));
    }
}
