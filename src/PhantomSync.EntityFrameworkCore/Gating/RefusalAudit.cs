using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>
/// Reports refused events in transactions of its own: the one that wanted to publish is rolled back as a rule. What a process
/// has not reported when it is killed is lost; it was logged.
/// </summary>
internal sealed partial class RefusalAudit(IServiceScopeFactory scopes, OutboxDirectory directory, IWireFormat format, TimeProvider time, ILogger<RefusalAudit> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<(Type Context, AuditLogCreated Entry)> _refusals =
        Channel.CreateBounded<(Type, AuditLogCreated)>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Report(Type contextType, TenantRefusedException refusal, Guid eventId)
    {
        LogRefused(eventId, refusal.Message);
        if (format.TryGet(typeof(AuditLogCreated), out _))
            _refusals.Writer.TryWrite((contextType, GateAudit.Refused(directory.Of(contextType).ServiceName, refusal.TenantId, refusal.EventType, eventId, time.GetUtcNow())));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _refusals.Writer.TryComplete();
        if (ExecuteTask is { } reporting)
            await Task.WhenAny(reporting, Task.Delay(Pause * 5, time, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (context, entry) in _refusals.Reader.ReadAllAsync(stoppingToken))
            {
                while (!await WriteAsync(context, entry, stoppingToken))
                    await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before the database was back.
        }
    }

    private async Task<bool> WriteAsync(Type contextType, AuditLogCreated entry, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = (DbContext)scope.ServiceProvider.GetRequiredService(contextType);
            OutboxRows.Add(context, entry, null, directory.Of(contextType), format, time);
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogWaiting(entry.LogId, exception.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId}: {Refusal}")]
    private partial void LogRefused(Guid eventId, string refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The refusal {LogId} cannot be reported yet: {Reason}")]
    private partial void LogWaiting(string logId, string reason);
}
