using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PhantomSync.EntityFrameworkCore.Publishing;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>Drops what the inbox need not remember any more: a generation at a time, never row by row.</summary>
internal sealed partial class InboxRotation<TDbContext>(
    InboxParts<TDbContext> parts,
    OutboxSetup<TDbContext> setup,
    IServiceScopeFactory scopes,
    TimeSpan retention,
    TimeProvider time,
    ILogger<InboxRotation<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromTicks(Math.Clamp(retention.Ticks / 100, TimeSpan.TicksPerSecond, TimeSpan.TicksPerHour));
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await RotateAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await setup.ReadyAsync(cancellationToken);
            await using var scope = scopes.CreateAsyncScope();
            if (await parts.Store.RotateAsync(scope.ServiceProvider.GetRequiredService<TDbContext>(), retention, cancellationToken))
                LogRotated(typeof(TDbContext).Name);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(typeof(TDbContext).Name, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The inbox of {Context} has begun a new generation and dropped the one before the last")]
    private partial void LogRotated(string context);

    [LoggerMessage(Level = LogLevel.Information, Message = "The inbox of {Context} could not begin a new generation this time: {Reason}")]
    private partial void LogFailed(string context, string reason);
}
