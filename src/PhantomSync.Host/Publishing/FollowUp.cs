using System.Data.Common;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Registry;
using PhantomSync.Sagas;
using PhantomSync.Workloads;

namespace PhantomSync.Host.Publishing;

/// <summary>What the services say because of what was published: a suspension has its cascade, say.</summary>
internal static class FollowUp
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the services have said all of it to each other; reminders that wait for their time are left to the next run.</summary>
    public static async Task WaitAsync(IServiceProvider services, TimeProvider time, TimeSpan patience, CancellationToken cancellationToken)
    {
        // What one has handled it may answer before this looks at the other: all must be quiet twice in a row.
        var started = time.GetTimestamp();
        for (var quiet = 0; quiet < 2 && time.GetElapsedTime(started) < patience;)
        {
            quiet = await PendingAsync(services, cancellationToken) == 0 ? quiet + 1 : 0;
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static async Task<long> PendingAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            var sagas = await services.OutboxDepthAsync<SagasDbContext>(cancellationToken);
            var workloads = await services.OutboxDepthAsync<WorkloadsDbContext>(cancellationToken);
            var registry = await services.OutboxDepthAsync<RegistryDbContext>(cancellationToken);
            return sagas.Waiting - sagas.Held + workloads.Waiting - workloads.Held + registry.Waiting - registry.Held;
        }
        catch (DbException)
        {
            // A service's tables are being made.
            return 1;
        }
    }
}
