using System.Diagnostics;
using System.Runtime;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Benchmarks.Workloads;
using Spectre.Console;

namespace PhantomSync.Benchmarks.Running;

/// <summary>Runs a workload and its baseline in turns, so that both meet the same neighbours.</summary>
internal sealed class BenchmarkRun(TestServers servers, IAnsiConsole console, RunOptions options)
{
    /// <summary>After it a quick measurement begins no further run of a workload: a slow machine makes fewer runs.</summary>
    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(14);

    /// <summary>What is called often is compiled twice more: with counters in the first round, by what they say in the second.</summary>
    private const int WarmupRounds = 2;

    public async Task<Result> RunAsync(IWorkload workload, CancellationToken cancellationToken)
    {
        var events = options.Events ?? workload.Events(options.Quick);
        var isDelay = workload is Delay;
        var began = Stopwatch.GetTimestamp();
        var (ours, baseline) = (new List<Measure>(), new List<Measure>());
        var warmup = options.Quick ? workload.Warmup / 2 : workload.Warmup;
        for (var round = 0; warmup > 0 && round < WarmupRounds; round++)
        {
            await OnceAsync(workload, "ours, warming up", workload.OursAsync, warmup / WarmupRounds, cancellationToken);
            if (!options.OursAlone)
                await OnceAsync(workload, "baseline, warming up", workload.BaselineAsync, warmup / WarmupRounds, cancellationToken);
        }

        for (var run = 1; run <= (isDelay ? Math.Max(1, options.Runs / 2) : options.Runs); run++)
        {
            if (run > 1 && options is { Quick: true, RunsGiven: null } && Stopwatch.GetElapsedTime(began) > QuickLimit)
                break;
            ours.Add(await OnceAsync(workload, "ours", workload.OursAsync, events, cancellationToken));
            if (!options.OursAlone)
                baseline.Add(await OnceAsync(workload, "baseline", workload.BaselineAsync, events, cancellationToken));
        }

        return new Result(workload.Name, workload.Target, isDelay, ours, baseline);
    }

    /// <summary>Waits until the runtime has compiled what the run before has asked for; five seconds at most.</summary>
    private static async Task CompilerIdleAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        long before;
        do
        {
            before = JitInfo.GetCompiledMethodCount();
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
        }
        while (JitInfo.GetCompiledMethodCount() != before && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
    }

    private async Task<Measure> OnceAsync(
        IWorkload workload, string side, Func<Stage, int, CancellationToken, Task<Measure>> run, int events, CancellationToken cancellationToken)
    {
        await using var stage = await servers.SetStageAsync(cancellationToken);
        if (options.Statements)
            await stage.ExecuteAsync("CREATE EXTENSION pg_stat_statements; SELECT pg_stat_statements_reset()");
        await CompilerIdleAsync(cancellationToken);
        GC.Collect();
        var measure = await run(stage, events, cancellationToken);
        var reached = measure.Delays is null ? $"{measure.PerSecond:N0} events/s" : $"p50 {measure.P50:F1} ms, p99 {measure.P99:F1} ms";
        console.MarkupLineInterpolated(
            $"[grey]{workload.Name}, {side}: {reached}; each {measure.CpuMicrosecondsPerEvent:F1} + {measure.PostgresMicrosecondsPerEvent:F1} µs of CPU, compiling {measure.CompilingMicrosecondsPerEvent:F1}, collecting {measure.CollectingMicrosecondsPerEvent:F1}, {measure.BytesPerEvent:N0} bytes[/]");
        if (options.Statements)
            console.Write(await StatementTable.OfAsync(stage, cancellationToken));
        return measure;
    }
}
