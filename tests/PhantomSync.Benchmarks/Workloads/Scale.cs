using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Relaying;
using Spectre.Console;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>Whether an event costs the same however much waits or is remembered, and how fast a host takes over from one that was killed.</summary>
internal sealed class Scale(TestServers servers, IAnsiConsole console, bool quick)
{
    public const string Name = "scale";

    private const int Measured = 10_000;
    private const int Rounds = 3;

    private const string Owned =
        """
        FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND objid::bigint < 64
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var table = new Table().RoundedBorder().AddColumns("what", "cost");
        foreach (var waiting in new[] { 3 * Measured, quick ? 200_000 : 1_000_000 })
            table.AddRow($"drain of {Measured:N0} with {waiting:N0} waiting", $"{await DrainAsync(waiting, cancellationToken):F1} µs per event");
        foreach (var remembered in new[] { 10_000, quick ? 1_000_000 : 10_000_000 })
            table.AddRow($"consume_batch with {remembered:N0} in the inbox", $"{await ConsumeAsync(remembered, cancellationToken):F1} µs per event");
        var (pause, cost) = await TakeOverAsync(cancellationToken);
        table.AddRow("take-over: a killed host's lanes are owned again after", $"{pause.TotalMilliseconds:F0} ms");
        table.AddRow("take-over: drain after that", $"{cost:F1} µs per event");
        console.Write(table);
    }

    private async Task<double> DrainAsync(int waiting, CancellationToken cancellationToken)
    {
        await using var stage = await servers.SetStageAsync(cancellationToken);
        using var host = await BenchHost.CreateAsync(stage, relay: false);
        await QueueAsync(stage, waiting);
        var costs = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            using var sent = new SentCounter();
            using var relay = ActivatorUtilities.CreateInstance<OutboxRelayService<BenchContext>>(host.Services);
            var began = Stopwatch.GetTimestamp();
            await relay.StartAsync(cancellationToken);
            await sent.ReachAsync(Measured, cancellationToken);
            costs.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / sent.Sent);
            await relay.StopAsync(cancellationToken);
            if (round < Rounds - 1 && await stage.CountAsync($"SELECT count(*) FROM (SELECT FROM outbox_queue LIMIT {Measured}) q") < Measured)
                await QueueAsync(stage, waiting);
        }

        return Running.Result.Median(costs);
    }

    private async Task<double> ConsumeAsync(int remembered, CancellationToken cancellationToken)
    {
        await using var stage = await servers.SetStageAsync(cancellationToken);
        const int events = 30_000;
        TopicLoad.Fill(stage, events);
        var clock = new CommitClock { Expected = events };
        using var host = await BenchHost.CreateAsync(stage, relay: false, service => service.Consumer<KeepBatch>(), clock);
        await stage.ExecuteAsync(
            $"""
            INSERT INTO inbox_consumer (name) VALUES ('benchmark');
            INSERT INTO inbox (key, fingerprint, generation, consumer)
            SELECT lpad(to_hex(i), 32, '0')::uuid, i, 1, (SELECT id FROM inbox_consumer) FROM generate_series(1, {remembered}) AS i;
            """);
        await stage.ExecuteAsync("VACUUM ANALYZE inbox");
        await stage.ExecuteAsync("CHECKPOINT");
        await host.StartAsync(cancellationToken);
        var ended = await clock.All.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        await host.StopAsync(cancellationToken);
        await Audit.AppliedAsync(stage, "inbox", events, remembered);
        return Stopwatch.GetElapsedTime(clock.Began, ended).TotalMicroseconds / events;
    }

    /// <summary>Two hosts share the lanes, one of them in a process of its own, which is killed.</summary>
    private async Task<(TimeSpan Pause, double Cost)> TakeOverAsync(CancellationToken cancellationToken)
    {
        await using var stage = await servers.SetStageAsync(cancellationToken);
        using var host = await BenchHost.CreateAsync(stage, relay: false);
        await QueueAsync(stage, 10 * Measured);
        using var other = RelayProcess.Start(stage);
        await other.StandardOutput.ReadLineAsync(cancellationToken);
        await UntilAsync(async () => await LanesAsync(stage, "true") == 64, cancellationToken);
        var others = await stage.TextAsync($"SELECT string_agg(DISTINCT pid::text, ',') {Owned}");
        using var sent = new SentCounter();
        using var relay = ActivatorUtilities.CreateInstance<OutboxRelayService<BenchContext>>(host.Services);
        await relay.StartAsync(cancellationToken);
        await UntilAsync(async () => await LanesAsync(stage, $"pid NOT IN ({others})") == 32, cancellationToken);
        var killed = Stopwatch.GetTimestamp();
        other.Kill();
        await UntilAsync(async () => await LanesAsync(stage, $"pid NOT IN ({others})") == 64, cancellationToken);
        var pause = Stopwatch.GetElapsedTime(killed);

        // There may be little left of the killed host's lanes: new events in each lane tell.
        await QueueAsync(stage, 10 * Measured);
        var (from, at) = (sent.Sent, Stopwatch.GetTimestamp());
        await sent.ReachAsync(from + (2 * Measured), cancellationToken);
        var cost = Stopwatch.GetElapsedTime(at).TotalMicroseconds / (sent.Sent - from);
        await relay.StopAsync(cancellationToken);
        return (pause, cost);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        for (var began = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(10, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException("The lanes were not shared out within a minute. The run does not count.");
        }
    }

    /// <summary>How many of the 64 lanes are owned by sessions that <paramref name="whose"/> is true of.</summary>
    private static Task<long> LanesAsync(Stage stage, string whose) => stage.CountAsync($"SELECT count(DISTINCT objid) {Owned} AND {whose}");

    private static async Task QueueAsync(Stage stage, int events)
    {
        const int chunk = 50_000;
        var from = await stage.CountAsync("SELECT count(*) FROM outbox_message") + (Environment.TickCount64 << 16);
        for (var done = 0; done < events; done += chunk)
        {
            await stage.ExecuteAsync(
                $"""
                INSERT INTO outbox_message (id, created_at, key_hash, hold_ms, hold_count, lane, hold, topic, key, event_type, headers, body)
                SELECT lpad(to_hex(i), 32, '0')::uuid, now(), h, 0, 0, (h & 63)::smallint, 0, '{stage.Topic}', 'key-' || i, 'InferenceCompleted', '', convert_to(repeat('x', 500), 'UTF8')
                FROM (SELECT i, hashint8extended(i, 0) AS h FROM generate_series({from + done}, {from + Math.Min(done + chunk, events) - 1}) AS i) AS s
                """);
        }
    }
}
