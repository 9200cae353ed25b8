using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Audit;
using PhantomSync.Audit.Recording;
using PhantomSync.Audit.Sealing;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Benchmarks.Ours;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>
/// Inferences wait in the topic; each becomes an entry of the audit trail on PostgreSQL, and is sealed: ours is measured from the
/// first batch until the last entry has its seal, and the chains are verified after it. The baseline inserts into an equal table
/// with the same triggers and indexes, in batches of 500, and seals nothing.
/// </summary>
internal sealed class Trail : IWorkload
{
    private const int BatchRows = 500;

    public string Name => "audit";

    public double Target => 0.5;

    public int Warmup => 30_000;

    public int Events(bool quick) => quick ? 18_000 : 60_000;

    public async Task<Measure> OursAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events);
        var directory = Directory.CreateTempSubdirectory("phantom-bench-");
        using var clock = new HandledClock(AuditModule.StoreGroup, events);
        using var host = ServiceHost.Create(
            stage,
            bus => bus.AddAuditStore(options => options.UseNpgsql(stage.Postgres), outbox => outbox.UsePostgres(), audit => Files(audit, directory)),
            rider => rider.AddAudit());
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuditDbContext>().EnsureTablesAsync(cancellationToken);
        await stage.ExecuteAsync("CHECKPOINT");
        await host.StartAsync(cancellationToken);
        await clock.All.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        var log = scope.ServiceProvider.GetRequiredService<AuditLog>();
        while ((await log.SealingLagAsync(cancellationToken)).Entries > 0)
            await Task.Delay(5, cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(clock.Began), Measure.CostNow() - clock.CostAtBegin);
        await host.StopAsync(cancellationToken);
        await CheckAsync(stage, events);
        await VerifyAsync(scope.ServiceProvider.GetRequiredService<AuditVerifier>(), events, cancellationToken);
        directory.Delete(recursive: true);
        return measure;
    }

    public async Task<Measure> BaselineAsync(Stage stage, int events, CancellationToken cancellationToken)
    {
        TopicLoad.Fill(stage, events);
        await using var context = new AuditDbContext(new DbContextOptionsBuilder<AuditDbContext>().UseNpgsql(stage.Postgres).Options);
        await context.EnsureTablesAsync(cancellationToken);
        await using var auditor = await PlainAuditor.OpenAsync(stage.Database, cancellationToken);
        await stage.ExecuteAsync("CHECKPOINT");
        var loop = new PlainLoop(stage, BatchRows);
        var ended = await Task.Run(() => loop.RunAsync(events, auditor.InsertAsync, cancellationToken), cancellationToken);
        var measure = new Measure(events, Stopwatch.GetElapsedTime(loop.Began, ended), Measure.CostNow() - loop.CostAtBegin);
        await CheckAsync(stage, events);
        return measure;
    }

    private static void Files(AuditOptions audit, DirectoryInfo directory)
    {
        audit.HeadsFile = Path.Combine(directory.FullName, "heads.jsonl");
        audit.SigningKeyFile = Path.Combine(directory.FullName, "key.pem");

        // A second more or less would say nothing of what sealing costs.
        audit.SealInterval = TimeSpan.FromMilliseconds(100);
    }

    private static async Task CheckAsync(Stage stage, int events)
    {
        Audit.Equal("entries", events, await stage.CountAsync("SELECT count(*) FROM audit.audit_logs"));
        Audit.Equal("events", events, await stage.CountAsync("SELECT count(DISTINCT event_id) FROM audit.audit_logs"));
    }

    private static async Task VerifyAsync(AuditVerifier verifier, int events, CancellationToken cancellationToken)
    {
        var entries = 0L;
        await foreach (var verdict in verifier.VerifyAsync(null, cancellationToken))
        {
            entries += verdict.Sealed;
            if (verdict.Fault is { } fault)
                throw new InvalidOperationException($"The trail of {verdict.TenantId} does not verify: {fault.What} The run does not count.");
        }

        Audit.Equal("entries that verify", events, entries);
    }
}
