using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Host.Hosting;
using Spectre.Console;

namespace PhantomSync.Host.Demo;

/// <summary>Runs the simulated platform until everything it published has been applied, and proves that it was.</summary>
internal static class DemoCommand
{
    /// <summary>The consumer group that keeps the ledger.</summary>
    public const string LedgerGroup = "demo-ledger";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <returns>0 where nothing was lost, doubled or out of order; else 1.</returns>
    public static async Task<int> RunAsync(DemoOptions options, PlatformOptions platform, LogLevel logLevel, CancellationToken cancellationToken)
    {
        // Progress is for people; with --json they are told on standard error.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(options.Json ? Console.Error : Console.Out) });
        if (options.Json ? Console.IsErrorRedirected : Console.IsOutputRedirected)
            console.Profile.Width = 200; // Nobody's window: lines are not broken.
        using var tally = new CounterTally();
        await using var host = await PlatformHost.CreateAsync(platform, logLevel, urls: null, AddDemo, cancellationToken);
        var time = host.Services.GetRequiredService<TimeProvider>();
        var simulation = ActivatorUtilities.CreateInstance<Simulation>(host.Services, options, platform.Postgres is null ? 1 : 8);
        await using var stats = options.Stats is null ? null : StatsFile.Open(options.Stats, () => Count(host, simulation, tally, time), time);
        console.MarkupLineInterpolated($"[bold]PhantomSync demo[/] on {host.Description}");
        await host.Host.StartAsync(cancellationToken);
        try
        {
            await host.DatabasesReadyAsync(line => console.MarkupLineInterpolated($"[yellow]{line}[/]"), cancellationToken);
            await host.Services.OutboxReadyAsync<PlatformDbContext>(cancellationToken);

            var before = await Verdict.ReachAsync(host.Services, TimeSpan.Zero, cancellationToken);
            if (before.Committed > 0)
                console.MarkupLineInterpolated($"Going on from {before.Committed:N0} events of earlier runs, {before.Committed - before.Applied:N0} of them still under way.");
            var started = time.GetTimestamp();
            var finished = await DemoProgress.ShowAsync(console, host.Services, simulation, options.Events, Patience, cancellationToken);
            var elapsed = time.GetElapsedTime(started);
            var after = await Verdict.ReachAsync(host.Services, finished ? Patience : TimeSpan.Zero, cancellationToken);
            var report = Report(host.Services, tally, before, after, elapsed);
            if (options.Json)
                Console.Out.WriteLine(JsonSerializer.Serialize(report, DemoJson.Default.DemoReport));
            else
                console.Write(DemoTable.Of(report));
            if (!finished)
                console.MarkupLineInterpolated($"[red]Nothing moved for {Patience.TotalSeconds:F0} s; {after.Committed - after.Applied:N0} events are still under way.[/] They are kept: run the demo again to go on.");
            return report.IsSound ? 0 : 1;
        }
        finally
        {
            await host.Host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Adds the simulated platform and the ledger.</summary>
    public static void AddDemo(PlatformParts parts)
    {
        parts.Bus.AddSingleton<DelayRecorder>();
        parts.Bus.AddDbContext<PlatformDbContext>(parts.Database("platform"));
        parts.Bus.AddDbContext<LedgerDbContext>(parts.Database("ledger"));
        parts.Bus.AddEntityFrameworkOutbox<PlatformDbContext>(outbox =>
        {
            outbox.ServiceName = "platform";
            outbox.UseBusOutbox();
            parts.OutboxProvider(outbox);
        });
        parts.Bus.AddEntityFrameworkOutbox<LedgerDbContext>(outbox =>
        {
            outbox.ServiceName = LedgerGroup;
            parts.OutboxProvider(outbox);
        });
        parts.Bus.AddTableSetup<PlatformDbContext>();
        parts.Bus.AddTableSetup<LedgerDbContext>();
        parts.Rider.AddService<LedgerDbContext>(LedgerGroup, service => service.Consumer<RecordApplied>());
    }

    private static DemoStats Count(PlatformHost host, Simulation simulation, CounterTally tally, TimeProvider time) => new()
    {
        At = time.GetUtcNow(),
        ProcessId = Environment.ProcessId,
        BrokerProcessId = host.BrokerProcessId,
        Published = simulation.Published,
        Delivered = tally.Sum("phantomsync.consumer.delivered", LedgerGroup),
        Handled = tally.Sum("phantomsync.consumer.handled", LedgerGroup),
        DuplicatesDropped = tally.Sum("phantomsync.consumer.duplicates"),
        Retries = tally.Sum("phantomsync.consumer.retries"),
        DeadLetters = tally.Sum("phantomsync.consumer.dead_letters"),
    };

    private static DemoReport Report(IServiceProvider services, CounterTally tally, Verdict before, Verdict after, TimeSpan elapsed)
    {
        var delays = services.GetRequiredService<DelayRecorder>();
        return new DemoReport
        {
            Published = after.Committed - before.Committed,
            Delivered = tally.Sum("phantomsync.consumer.delivered", LedgerGroup),
            Handled = after.Applied - before.Applied,
            VersionsCreated = after.Versions - before.Versions,
            DuplicatesDropped = tally.Sum("phantomsync.consumer.duplicates"),
            Lost = after.Lost,
            AppliedTwice = after.AppliedTwice,
            OutOfOrder = after.OutOfOrder,
            DelayMs = new DemoReport.DelayFigures(delays.Percentile(0.5), delays.Percentile(0.99)),
            ElapsedS = Math.Round(elapsed.TotalSeconds, 2),
        };
    }
}
