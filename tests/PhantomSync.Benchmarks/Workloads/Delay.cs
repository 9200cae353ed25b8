using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>200 events a second through outbox, Kafka and inbox: from before the publisher's SaveChanges to after the commit of the handler's transaction.</summary>
internal sealed class Delay : IWorkload
{
    private const int PerSecond = 200;

    /// <summary>The first ten seconds of a host find code that is compiled beside the work, on the same processors, and a group that has just formed.</summary>
    private const int Skipped = 10 * PerSecond;

    public string Name => "delay";

    public double Target => 25;

    /// <summary>Each run has its own: see <see cref="Skipped"/>.</summary>
    public int Warmup => 0;

    public int Events(bool quick) => Skipped + (PerSecond * (quick ? 5 : 20));

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        var times = new Times(events);
        var clock = new CommitClock { Expected = events, Committed = times.Arrived };
        using var host = await BenchHost.CreateAsync(stage, relay: true, service => service.Consumer<KeepOne>(), clock);
        await host.StartAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var scopes = host.Services.GetRequiredService<IServiceScopeFactory>();
        var cpu = Measure.CostNow();
        var elapsed = await times.PublishAsync(number => scopes.WriteAsync(number, cancellationToken), cancellationToken);
        await clock.All.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        var measure = new Measure(events, elapsed, Measure.CostNow() - cpu, times.Delays());
        await host.StopAsync(cancellationToken);
        await Audit.SentAsync(stage, "outbox_message", events);
        await Audit.AppliedAsync(stage, "inbox", events);
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        await stage.ExecuteAsync(PlainTables.Script);
        var times = new Times(events);
        var consumer = new PlainConsumer(stage) { Committed = times.Arrived };
        var consuming = Task.Factory.StartNew(() => consumer.Run(events, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var relaying = Task.Run(() => new PlainRelay(stage).RunAsync(events, cancellationToken), cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var writers = new System.Collections.Concurrent.ConcurrentBag<PlainWriter>(
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PlainWriter.OpenAsync(stage, cancellationToken))));
        var cpu = Measure.CostNow();
        var elapsed = await times.PublishAsync(
            async number =>
            {
                var writer = writers.TryTake(out var free) ? free : await PlainWriter.OpenAsync(stage, cancellationToken);
                await writer.WriteAsync(number, cancellationToken);
                writers.Add(writer);
            },
            cancellationToken);
        await Task.WhenAll(consuming, relaying).WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        var measure = new Measure(events, elapsed, Measure.CostNow() - cpu, times.Delays());
        foreach (var writer in writers)
            await writer.DisposeAsync();
        await Audit.SentAsync(stage, "outbox", events);
        await Audit.AppliedAsync(stage, "inbox", events);
        return measure;
    }

    private sealed class Times(int events)
    {
        private readonly long[] _began = new long[events];
        private readonly long[] _ended = new long[events];

        public void Arrived(IReadOnlyList<string> ids)
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var id in ids)
                _ended[int.Parse(id.AsSpan("inf-".Length), System.Globalization.CultureInfo.InvariantCulture)] = now;
        }

        /// <summary>Keeps the pace whether or not earlier events have been saved.</summary>
        public async Task<TimeSpan> PublishAsync(Func<int, Task> publish, CancellationToken cancellationToken)
        {
            var started = Stopwatch.GetTimestamp();
            var open = new List<Task>(events);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            for (var number = 0; number < events && await timer.WaitForNextTickAsync(cancellationToken);)
            {
                for (; number < events && Stopwatch.GetElapsedTime(started).TotalSeconds * PerSecond >= number; number++)
                {
                    var at = number;
                    open.Add(Task.Run(
                        () =>
                        {
                            _began[at] = Stopwatch.GetTimestamp();
                            return publish(at);
                        },
                        cancellationToken));
                }
            }

            await Task.WhenAll(open);
            return Stopwatch.GetElapsedTime(started);
        }

        public double[] Delays() =>
            [.. _began.Zip(_ended, (began, ended) => Stopwatch.GetElapsedTime(began, ended).TotalMilliseconds).Skip(Skipped).Order()];
    }
}
