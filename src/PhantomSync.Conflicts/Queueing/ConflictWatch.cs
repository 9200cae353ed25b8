using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Storing;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Conflicts.Queueing;

/// <summary>
/// Looks after what time brings: changes that have waited long enough for one that is missing are considered again, and the open
/// conflicts are counted. Any number of hosts may do it at once.
/// </summary>
internal sealed partial class ConflictWatch<TDbContext>(IServiceScopeFactory scopes, ConflictMetrics metrics, TimeProvider time, ILogger<ConflictWatch<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
            var open = await context.Set<ConflictRecord>()
                .Where(record => record.Status == ConflictStatus.ManualResolutionRequired || record.Status == ConflictStatus.InProgress)
                .GroupBy(record => record.ResourceType)
                .Select(records => new { ResourceType = records.Key, Count = records.LongCount() })
                .ToListAsync(cancellationToken);
            metrics.SetOpen(typeof(TDbContext), open.ToDictionary(count => count.ResourceType, count => count.Count, StringComparer.Ordinal));

            var waiting = await context.Set<ResourceHistory>().AsNoTracking().Where(history => history.WaitingSince != null)
                .Select(history => new { history.TenantId, history.ResourceType, history.ResourceId }).ToListAsync(cancellationToken);
            foreach (var one in waiting)
                await RecheckAsync(new ResourceKey(one.TenantId, one.ResourceType, one.ResourceId), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(typeof(TDbContext).Name, exception.Message);
        }
    }

    private async Task RecheckAsync(ResourceKey resource, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.UseOutbox<TDbContext>();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await scope.ServiceProvider.GetRequiredService<ConflictResolver>().RecheckAsync(context, resource, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The conflicts of {Context} could not be looked after this time: {Reason}")]
    private partial void LogFailed(string context, string reason);
}
