using System.Diagnostics;
using MassTransit;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>
/// Four events for each instance wait in the topic; each goes through the inbox, moves its instance on, is noted in the history
/// and makes an outgoing event. Measured from the first transaction to the last commit.
/// </summary>
internal sealed class Saga : IWorkload
{
    public string Name => "saga";

    public double Target => 0.3;

    public int Events(bool quick) => 20_000;

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken) =>
        await OursAsync(stage, events, skipped: 0, stored: 0, ConcurrencyMode.Pessimistic, cancellationToken);

    /// <param name="stage">What it runs on.</param>
    /// <param name="events">Four for each instance.</param>
    /// <param name="skipped">Events that are handled before the measured ones.</param>
    /// <param name="stored">Instances that are there already.</param>
    /// <param name="mode">How instances are kept from being changed twice at once.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<Measure> OursAsync(Stage stage, int events, int skipped, int stored, ConcurrencyMode mode, CancellationToken cancellationToken)
    {
        var all = skipped + events;
        TopicLoad.Fill(stage, all, number => JobEvents.Number(number, events / JobEvents.PerJob));
        var clock = new CommitClock { Expected = all, Skip = skipped };
        using var host = await BenchHost.CreateAsync(
            stage, relay: false, service => service.Saga<JobMachine, JobState>(saga => saga.EntityFrameworkRepository(repository => repository.ConcurrencyMode = mode)), clock);
        if (stored > 0)
        {
            await stage.ExecuteAsync(
                $"""
                INSERT INTO job (id, version, state, tenant_id) SELECT md5('stored-' || i)::uuid, 1, 'Queued', 'tenant' FROM generate_series(1, {stored}) AS i;
                INSERT INTO saga_history (correlation_id, saga, sequence, tenant_id, from_state, to_state, event, at, finished)
                SELECT md5('stored-' || i)::uuid, 'JobState', 1, 'tenant', 'Initial', 'Queued', 'Enqueued', now(), false FROM generate_series(1, {stored}) AS i;
                """);
            await stage.ExecuteAsync("VACUUM ANALYZE job");
            await stage.ExecuteAsync("VACUUM ANALYZE saga_history");
        }

        await stage.ExecuteAsync("CHECKPOINT");
        await host.StartAsync(cancellationToken);
        var ended = await clock.All.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        var measure = new Measure(all - clock.HandledAtBegin, Stopwatch.GetElapsedTime(clock.Began, ended), Measure.CostNow() - clock.CostAtBegin);
        await host.StopAsync(cancellationToken);
        await AuditAsync(stage, "outbox_message", "saga_history", all, stored);
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events, number => JobEvents.Number(number, events / JobEvents.PerJob));
        await stage.ExecuteAsync(PlainJobs.Script);
        await stage.ExecuteAsync("CHECKPOINT");
        var jobs = new PlainJobs(stage);
        var ended = await Task.Factory.StartNew(() => jobs.Run(events, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(jobs.Began, ended), Measure.CostNow() - jobs.CostAtBegin);
        await AuditAsync(stage, "outbox", "history", events, 0);
        return measure;
    }

    private static async Task AuditAsync(Stage stage, string outbox, string history, int events, int stored)
    {
        var jobs = events / JobEvents.PerJob;
        Audit.Equal("instances at their end", jobs, await stage.CountAsync("SELECT count(*) FROM job WHERE state = 'Final' AND version = 4"));
        Audit.Equal("instances", jobs + stored, await stage.CountAsync("SELECT count(*) FROM job"));
        Audit.Equal("transitions", events + stored, await stage.CountAsync($"SELECT count(*) FROM {history}"));
        Audit.Equal("outgoing events", events, await stage.CountAsync($"SELECT count(*) FROM {outbox}"));
        Audit.Equal("entries in the inbox", events, await stage.CountAsync("SELECT count(*) FROM inbox"));
    }
}
