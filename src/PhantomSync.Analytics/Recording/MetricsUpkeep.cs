using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PhantomSync.Analytics.Recording;

/// <summary>
/// Creates the schema when the store is to be had, however long that takes; then keeps the roll-ups fresh, the past within
/// its limits and what others erased out. Until the schema is there, what consumers write fails as transient and waits.
/// </summary>
internal sealed partial class MetricsUpkeep(IMetricsStore store, AnalyticsOptions options, TimeProvider time, ILogger<MetricsUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await KeepTryingAsync(store.MigrateAsync, "the schema", stoppingToken);
        var pruned = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (time.GetUtcNow() - pruned >= Day)
            {
                await KeepTryingAsync(store.PruneAsync, "removing what is too old", stoppingToken);
                pruned = time.GetUtcNow();
            }

            await KeepTryingAsync(store.FollowErasuresAsync, "the list of erasures", stoppingToken);
            await KeepTryingAsync(store.RefreshRollupsAsync, "the roll-ups", stoppingToken);
            await PauseAsync(options.RollupInterval, stoppingToken);
        }
    }

    private async Task KeepTryingAsync(Func<CancellationToken, Task> work, string what, CancellationToken stoppingToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); !stoppingToken.IsCancellationRequested; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                await work(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogWaiting(store.Description, what, pause.TotalSeconds, exception);
            }

            await PauseAsync(pause, stoppingToken);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(pause, time, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The loop above ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Store}: {What} must wait, next try in {Pause:F1} s")]
    private partial void LogWaiting(string store, string what, double pause, Exception exception);
}
