using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Publishing;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>
/// Asks for what was quarantined to be handled as soon as its tenant is active again, and takes the request back where the
/// tenant is suspended anew before it is carried out. It looks every second, so no event has to tell it.
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
            var tenants = await HeldAsync(context, cancellationToken);
            if (tenants.Count == 0)
                return;
            var suspended = await _gate.SuspendedAsync(context, tenants, cancellationToken);
            foreach (var tenant in tenants)
            {
                var (from, to) = suspended.Contains(tenant) ? (DeadLetterState.ReplayRequested, DeadLetterState.Waiting) : (DeadLetterState.Waiting, DeadLetterState.ReplayRequested);
                var moved = await context.ExecuteAsync(
                    $"UPDATE {parts.Tables.DeadLetter} SET state = @to WHERE state = @from AND NOT parked AND reason = @reason AND tenant_id = @tenant",
                    cancellationToken,
                    ("to", (short)to), ("from", (short)from), ("reason", Quarantine.Reason), ("tenant", tenant));
                if (moved == 0 || to == DeadLetterState.Waiting)
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

    private async Task<List<string>> HeldAsync(TDbContext context, CancellationToken cancellationToken)
    {
        await using var command = await context.CommandAsync(
            $"SELECT DISTINCT tenant_id FROM {parts.Tables.DeadLetter} WHERE {DeadLetterTable.Holding} AND NOT parked AND reason = @reason", cancellationToken, ("reason", Quarantine.Reason));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tenants = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            tenants.Add(reader.GetString(0));
        return tenants;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} quarantined events of tenant '{TenantId}' go on")]
    private partial void LogReleased(int count, string tenantId);

    [LoggerMessage(Level = LogLevel.Information, Message = "The quarantine of {Context} cannot be looked at yet: {Reason}")]
    private partial void LogWaiting(string context, string reason);
}
