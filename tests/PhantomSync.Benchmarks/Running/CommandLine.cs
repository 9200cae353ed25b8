using System.CommandLine;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Benchmarks.Workloads;
using Spectre.Console;

namespace PhantomSync.Benchmarks.Running;

internal static class CommandLine
{
    private static readonly IWorkload[] Workloads = [new Publish(), new Drain(), Consume.Batch, Consume.Ef, new Metrics(), new Trail(), new Usage(), new Saga(), new Delay()];

    /// <summary>Run only when asked for.</summary>
    private static readonly IWorkload[] Further = [Consume.Find, new PublishPlainEf()];

    public static Task<int> RunAsync(string[] args)
    {
        var only = new Option<string[]>("--only") { Description = "Runs these workloads alone.", AllowMultipleArgumentsPerToken = true };
        only.AcceptOnlyFromAmong([.. Workloads.Concat(Further).Select(workload => workload.Name), Scale.Name, SagaScale.Name]);
        var quick = new Option<bool>("--quick") { Description = "Few events, three runs: a look, not a measurement." };
        var runs = new Option<int?>("--runs") { Description = "Runs of each workload and of its baseline (5; 3 with --quick)." };
        var json = new Option<FileInfo?>("--json") { Description = "Writes the results to this file, too." };
        var events = new Option<int?>("--events") { Description = "Events of a run. The embedded broker keeps 60 MiB of a topic." };
        var alone = new Option<bool>("--ours-alone") { Description = "Leaves the baselines out and prints no ratios: for a profiler." };
        var statements = new Option<bool>("--statements") { Description = "Prints what PostgreSQL spent its time on, after each run." };
        var command = new RootCommand("Measures PhantomSync beside hand-written programs that do the same work.") { only, quick, runs, events, json, alone, statements };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new RunOptions(parsed.GetValue(quick), parsed.GetValue(runs), parsed.GetValue(events), parsed.GetValue(alone), parsed.GetValue(statements)),
            parsed.GetValue(only) ?? [],
            parsed.GetValue(json),
            cancellationToken));
        return command.Parse(args).InvokeAsync();
    }

    private static async Task<int> RunAsync(RunOptions options, string[] only, FileInfo? json, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Console;
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = 160;
        await using var servers = await TestServers.StartAsync(options.Statements);
        if (only.Contains(Scale.Name))
            await new Scale(servers, console, options.Quick).RunAsync(cancellationToken);
        if (only.Contains(SagaScale.Name))
            await new SagaScale(servers, console, options.Quick).RunAsync(cancellationToken);
        var chosen = only.Length == 0 ? Workloads : [.. Workloads.Concat(Further).Where(workload => only.Contains(workload.Name))];
        if (chosen.Length == 0)
            return 0;
        var run = new BenchmarkRun(servers, console, options);
        var results = new List<Result>();
        foreach (var workload in chosen)
            results.Add(await run.RunAsync(workload, cancellationToken));
        if (options.OursAlone)
            return 0;
        console.Write(ResultTable.Of(results));
        if (json is not null)
            await ResultJson.WriteAsync(json.FullName, results, cancellationToken);
        return 0;
    }
}
