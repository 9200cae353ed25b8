using System.Diagnostics;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>Events wait in the topic; each goes through the inbox and becomes a row. Measured from the first transaction to the last commit.</summary>
internal sealed class Consume(string name, double target, int events, Action<ServiceEndpointConfigurator> consumers) : IWorkload
{
    public static Consume Batch { get; } = new("consume_batch", 0.6, 70_000, service => service.Consumer<KeepBatch>());

    public static Consume Ef { get; } = new("consume_ef", 0.2, 24_000, service => service.Consumer<KeepOne>().Preload<InferenceCompleted, Effect>(e => [e.InferenceId]));

    /// <summary>The same without the line that looks for a batch's rows at once: each costs a round trip.</summary>
    public static Consume Find { get; } = new("consume_find", 0.1, 24_000, service => service.Consumer<KeepOne>());

    public string Name => name;

    public double Target => target;

    public int Warmup => 40_000;

    public int Events(bool quick) => quick ? events / 2 : events;

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events);
        var clock = new CommitClock { Expected = events };
        using var host = await BenchHost.CreateAsync(stage, relay: false, consumers, clock);
        await stage.ExecuteAsync("CHECKPOINT");
        await host.StartAsync(cancellationToken);
        var ended = await clock.All.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(clock.Began, ended), Measure.CostNow() - clock.CostAtBegin);
        await host.StopAsync(cancellationToken);
        await Audit.AppliedAsync(stage, "inbox", events);
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events);
        await stage.ExecuteAsync(PlainTables.Script);
        await stage.ExecuteAsync("CHECKPOINT");
        var consumer = new PlainConsumer(stage);
        var ended = await Task.Factory.StartNew(() => consumer.Run(events, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(consumer.Began, ended), Measure.CostNow() - consumer.CostAtBegin);
        await Audit.AppliedAsync(stage, "inbox", events);
        return measure;
    }
}
