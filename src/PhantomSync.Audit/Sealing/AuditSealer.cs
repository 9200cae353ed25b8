using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.Audit.Sealing;

/// <summary>
/// Seals behind the writers, one host at a time, and now and then signs where the chains have got to. Stopping lets the
/// transaction under way end, and seals and signs a last time.
/// </summary>
internal sealed partial class AuditSealer(IServiceScopeFactory scopes, IOptions<AuditOptions> options, HeadSigner signer, HeadsFile heads, TimeProvider time, ILogger<AuditSealer> logger)
    : BackgroundService
{
    private static readonly Meter Meter = new("PhantomSync.Audit");
    private static readonly Counter<long> SealedEntries = Meter.CreateCounter<long>("phantomsync.audit.sealed", "{entry}", "Entries sealed into their tenant's chain.");
    private static readonly Gauge<long> Unsealed = Meter.CreateGauge<long>("phantomsync.audit.unsealed", "{entry}", "Committed entries that wait for their seal.");
    private static readonly Gauge<double> Lag = Meter.CreateGauge<double>("phantomsync.audit.sealing_lag", "s", "Age of the oldest entry that waits for its seal.");

    private readonly Dictionary<string, ChainEnd> _grown = new(StringComparer.Ordinal);
    private long _signedAt = time.GetTimestamp();
    private bool _caughtUp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SealInterval, time);
        do
        {
            try
            {
                await SealAllAsync(stoppingToken);
                if (time.GetElapsedTime(_signedAt) >= options.Value.HeadInterval)
                    await SignAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogWaiting(exception.Message);
            }
        }
        while (await WaitAsync(timer, stoppingToken));

        await SignLastAsync();
    }

    /// <summary>Seals until nothing is left that can be sealed now.</summary>
    internal async Task SealAllAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuditDbContext>();
        if (!_caughtUp)
            await CatchUpAsync(context, cancellationToken);
        int sealedNow;
        do
        {
            (sealedNow, var ends) = await Chains.SealAsync(context, options.Value.SealBatch, cancellationToken);
            SealedEntries.Add(sealedNow);
            foreach (var end in ends)
                _grown[end.TenantId] = end;
        }
        while (sealedNow == options.Value.SealBatch);

        var lag = await Recording.AuditStores.Store(context).LagAsync(time.GetUtcNow(), cancellationToken);
        Unsealed.Record(lag.Entries);
        Lag.Record(lag.Age.TotalSeconds);
    }

    /// <summary>Signs the ends of the chains that have grown, and copies them to the file and, through the outbox, to their topic.</summary>
    internal async Task SignAsync(CancellationToken cancellationToken)
    {
        _signedAt = time.GetTimestamp();
        if (_grown.Count == 0)
            return;
        var now = time.GetUtcNow();
        AuditHead[] signed = [.. _grown.Values.Select(end => signer.Sign(end, now))];
        await heads.AppendAsync(signed, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<AuditDbContext>();
        foreach (var head in signed)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(head, AuditJson.Default.AuditHead);
            context.Add(OutboxMessage.Create(Guid.CreateVersion7(now), AuditModule.HeadsTopic, head.TenantId, body, [], nameof(AuditHead), SyncHold.None, now));
        }

        await context.SaveChangesAsync(cancellationToken);
        _grown.Clear();
    }

    /// <summary>What was sealed and not signed before the last stop is signed now; a chain shorter than its head is told at once.</summary>
    private async Task CatchUpAsync(AuditDbContext context, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var (_, head) in heads.ReadAsync())
            known[head.TenantId] = Math.Max(head.Sequence, known.GetValueOrDefault(head.TenantId));

        foreach (var end in (await Chains.EndsAsync(context, await Chains.TenantsAsync(context, cancellationToken), cancellationToken)).Values)
        {
            known.Remove(end.TenantId, out var head);
            if (end.Sequence > head)
                _grown[end.TenantId] = end;
            else if (end.Sequence < head)
                LogCut(end.TenantId, end.Sequence, head);
        }

        foreach (var (tenant, head) in known)
            LogCut(tenant, 0, head);
        _caughtUp = true;
    }

    private async Task SignLastAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
            await SealAllAsync(limit.Token);
            await SignAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // Sealed and signed at the next start.
            LogWaiting(exception.Message);
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit trail cannot be sealed right now and is tried again: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The audit trail of tenant '{Tenant}' ends at entry {End}; a signed head says {Head}. Entries have been removed. Run 'audit verify --tenant {Tenant}'.")]
    private partial void LogCut(string tenant, long end, long head);
}
