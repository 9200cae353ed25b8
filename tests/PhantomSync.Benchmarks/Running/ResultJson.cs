using System.Text.Json;
using System.Text.Json.Nodes;
using PhantomSync.Benchmarks.Workloads;

namespace PhantomSync.Benchmarks.Running;

/// <summary>The results for programs: a score per workload, and the figures of every run.</summary>
internal static class ResultJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task WriteAsync(string path, IReadOnlyList<Result> results, CancellationToken cancellationToken)
    {
        var json = new JsonObject();
        foreach (var result in results)
            json[result.IsDelay ? $"{result.Name}_p99_ms" : $"{result.Name}_ratio"] = Math.Round(result.Score, 3);
        json["processors"] = Environment.ProcessorCount;
        json["runs"] = new JsonArray([.. results.SelectMany(result =>
            result.Ours.Select(run => Run(result, "ours", run)).Concat(result.Baseline.Select(run => Run(result, "baseline", run))))]);
        await File.WriteAllTextAsync(path, json.ToJsonString(Indented) + "\n", cancellationToken);
    }

    private static JsonObject Run(Result result, string side, Measure run)
    {
        var json = new JsonObject
        {
            ["workload"] = result.Name,
            ["side"] = side,
            ["events"] = run.Events,
            ["seconds"] = Math.Round(run.Elapsed.TotalSeconds, 4),
            ["events_per_second"] = Math.Round(run.PerSecond, 1),
            ["cpu_us_per_event"] = Math.Round(run.CpuMicrosecondsPerEvent, 2),
            ["postgres_cpu_us_per_event"] = Math.Round(run.PostgresMicrosecondsPerEvent, 2),
            ["compiling_us_per_event"] = Math.Round(run.CompilingMicrosecondsPerEvent, 2),
            ["collecting_us_per_event"] = Math.Round(run.CollectingMicrosecondsPerEvent, 2),
            ["bytes_per_event"] = Math.Round(run.BytesPerEvent),
        };
        if (run.Delays is not null)
            (json["p50_ms"], json["p99_ms"]) = (Math.Round(run.P50, 2), Math.Round(run.P99, 2));
        return json;
    }
}
