using System.Reflection;
using PhantomSync.Analytics;
using PhantomSync.Analytics.Recording;
using PhantomSync.Contracts;
using static PhantomSync.Tests.Analytics.Metrics;

namespace PhantomSync.Tests.Analytics;

/// <summary>What is recorded does not depend on where.</summary>
[Trait("row", "S14.16")]
public sealed class StorePortTests
{
    [Fact]
    public async Task Every_recorded_event_makes_rows_for_whoever_takes_them()
    {
        ISyncEvent[] events = [Inference(1, Start), Batch(Start, 1, 0.5), Completed("job", Start, Map(("a", 1), ("b", 2))), Failed("other", Start), Performance(Start, Map(("cpu", 1))), Agent(Start, 1)];
        events.Select(e => e.GetType()).ShouldBe(AnalyticsModule.RecordedEvents, ignoreOrder: true);
        var taken = new Taken();
        await taken.RecordAsync(events, TestContext.Current.CancellationToken);
        taken.Rows.ShouldBe(new Dictionary<string, int>
        {
            ["inference_metrics"] = 1,
            ["batch_inference_metrics"] = 1,
            ["training_metrics"] = 2,
            ["training_runs"] = 2,
            ["performance_metrics"] = 1,
            ["agent_executions"] = 1,
        });
    }

    [Fact]
    public void Only_the_stores_themselves_know_their_clients()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        string[] clients = ["ClickHouse.Driver", "DuckDB.NET.Data"];

        // The module puts a store together; what it leaves behind is in closures.
        var elsewhere = typeof(AnalyticsModule).Assembly.GetTypes().Where(type =>
            type.Namespace is not ("PhantomSync.Analytics.ClickHouse" or "PhantomSync.Analytics.DuckDb") && type.DeclaringType != typeof(AnalyticsModule));
        foreach (var type in elsewhere)
        {
            var used = type.GetFields(all).Select(field => field.FieldType)
                .Concat(type.GetMethods(all).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)));
            used.Select(use => use.Assembly.GetName().Name).ShouldNotContain(name => clients.Contains(name), type.FullName);
        }
    }

    /// <summary>Takes rows and counts them.</summary>
    private sealed class Taken : IMetricsSink
    {
        public Dictionary<string, int> Rows { get; } = [];

        public Task WriteAsync<TRow>(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
            where TRow : class, IMetricRow
        {
            Rows.Add(TRow.Table, rows.Count);
            return Task.CompletedTask;
        }
    }
}
