using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Publishing;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>
/// Asks for what was quarantined to be handled as soon as its tenant stands otherwise than it did then. Whoever carries that out
/// asks the gate again, so what may still not be handled waits on, and what is for nobody any more is discarded. It looks every
/// second, so no event has to tell it.
/// </summary>
internal sealed partial class QuarantineRelease<TDbContext>(
    IEnumerable<TenantGate> gates,
    InboxParts<TDbContext> parts,
    OutboxSetup<TDbContext> setup,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<QuarantineRelease<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TenantGate _gate = gates.Single(gate => gate.ContextType == typeof(TDbContext));

    /// <exception cref="MassTransit.ConfigurationException">The gate's rules want a directory of tenants that the context has not.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var scope = scopes.CreateAsyncScope())
            _gate.Check(scope.ServiceProvider.GetRequiredService<TDbContext>());
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await setup.ReadyAsync(cancellationToken);
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
            var held = await HeldAsync(context, cancellationToken);
            if (held.Count == 0)
                return;
            var standings = await _gate.StandingsAsync(context, held.ConvertAll(letters => letters.Tenant), cancellationToken);
            foreach (var (tenant, reason) in held)
            {
                if (standings.TryGetValue(tenant, out var standing) && standing != Standing.Deleted && Quarantine.ReasonOf(standing) == reason)
                    continue;
                var moved = await context.ExecuteAsync(
                    $"UPDATE {parts.Tables.DeadLetter} SET state = 3 WHERE {DeadLetterTable.Holding} AND state = 0 AND NOT parked AND reason = @reason AND tenant_id = @tenant",
                    cancellationToken,
                    ("reason", reason), ("tenant", tenant));
                if (moved == 0)
                    continue;
                LogReleased(moved, tenant);
                parts.LetterRequested.Set();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogWaiting(typeof(TDbContext).Name, exception.Message);
        }
    }

    private async Task<List<(string Tenant, string Reason)>> HeldAsync(TDbContext context, CancellationToken cancellationToken)
    {
        await using var command = await context.CommandAsync(
            $"SELECT DISTINCT tenant_id, reason FROM {parts.Tables.DeadLetter} WHERE {DeadLetterTable.Holding} AND state = 0 AND NOT parked AND reason IN (@suspended, @unknown)",
            cancellationToken,
            ("suspended", Quarantine.SuspendedReason), ("unknown", Quarantine.UnknownReason));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var held = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            held.Add((reader.GetString(0), reader.GetString(1)));
        return held;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} quarantined events of tenant '{TenantId}' go on")]
    private partial void LogReleased(int count, string tenantId);

    [LoggerMessage(Level = LogLevel.Information, Message = "The quarantine of {Context} cannot be looked at yet: {Reason}")]
    private partial void LogWaiting(string context, string reason);
}
