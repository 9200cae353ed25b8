using MassTransit;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>What a message waits for in the outbox: its schedule, or else its synchronisation strategy.</summary>
internal static class Holds
{
    public static SyncHold Of(object message, SendContext? sendContext, DateTimeOffset now)
    {
        if (sendContext is { Delay: { } delay } && delay > TimeSpan.Zero)
            return SyncHold.Until(now + delay, sendContext.ScheduledMessageId ?? Guid.CreateVersion7(now));
        return (message as ISyncEvent)?.SyncMetadata.SyncStrategy switch
        {
            SyncStrategy.BatchDelayed batch => SyncHold.Batch((int)batch.BatchSize, Milliseconds(batch.DelayMs)),
            SyncStrategy.EventualConsistency eventual => SyncHold.Eventual(Milliseconds(eventual.MaxDelayMs)),
            _ => SyncHold.None,
        };
    }

    private static TimeSpan Milliseconds(ulong value) => TimeSpan.FromMilliseconds(Math.Min(value, (ulong)TimeSpan.FromDays(365).TotalMilliseconds));
}
