using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>Eight writers, a domain row and an event in each transaction, until Kafka has acknowledged all.</summary>
internal sealed class Publish : IWorkload
{
    private const int Writers = 8;

    /// <summary>Not measured: they find new connections and plans.</summary>
    private const int Before = 1_000;

    public string Name => "publish";

    public double Target => 0.8;

    public int Warmup => 10_000;

    public int Events(bool quick) => quick ? 4_000 : 20_000;

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        using var host = await BenchHost.CreateAsync(stage, relay: true);
        await host.StartAsync(cancellationToken);
        using var sent = new SentCounter();
        var scopes = host.Services.GetRequiredService<IServiceScopeFactory>();
        async Task PublishAsync(int first, int count)
        {
            await WriteAsync(first, count, (_, number) => scopes.WriteAsync(number, cancellationToken));
            await sent.ReachAsync(first + count, cancellationToken);
        }

        await PublishAsync(0, Before);
        await stage.ExecuteAsync("CHECKPOINT");
        var (cpu, began) = (Measure.CostNow(), Stopwatch.GetTimestamp());
        await PublishAsync(Before, events);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(began), Measure.CostNow() - cpu);
        await host.StopAsync(cancellationToken);
        await Audit.SentAsync(stage, "outbox_message", Before + events);
        Audit.Equal("rows served", Before + events, await stage.CountAsync("SELECT count(*) FROM served"));
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        await stage.ExecuteAsync(PlainTables.Script);
        var writers = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => PlainWriter.OpenAsync(stage, cancellationToken)));
        var measure = await BesidePlainRelayAsync(stage, events, (writer, number) => writers[writer].WriteAsync(number, cancellationToken), cancellationToken);
        foreach (var writer in writers)
            await writer.DisposeAsync();
        return measure;
    }

    /// <summary>Writers of whatever kind into the hand-written outbox, and the hand-written relay.</summary>
    public static async Task<Measure> BesidePlainRelayAsync(Stage stage, int events, Func<int, int, Task> write, CancellationToken cancellationToken)
    {
        var relay = new PlainRelay(stage);
        var relaying = Task.Run(() => relay.RunAsync(Before + events, cancellationToken), cancellationToken);
        await WriteAsync(0, Before, write);
        while (relay.Sent < Before)
            await Task.Delay(1, cancellationToken);
        await stage.ExecuteAsync("CHECKPOINT");
        var (cpu, began) = (Measure.CostNow(), Stopwatch.GetTimestamp());
        await WriteAsync(Before, events, write);
        await relaying.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(began), Measure.CostNow() - cpu);
        await Audit.SentAsync(stage, "outbox", Before + events);
        Audit.Equal("rows served", Before + events, await stage.CountAsync("SELECT count(*) FROM served"));
        return measure;
    }

    private static Task WriteAsync(int first, int count, Func<int, int, Task> write)
    {
        var next = first - 1;
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < first + count)
                await write(writer, number);
        })));
    }
}
