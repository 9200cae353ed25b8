using System.Runtime.InteropServices;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>How long the relay holds an event back.</summary>
/// <param name="Kind">What it waits for.</param>
/// <param name="Count">For <see cref="HoldKind.Batch"/>: how many of its event type must wait before all leave.</param>
/// <param name="Delay">The longest wait, counted from the commit by the database's clock.</param>
/// <param name="DueAt">For <see cref="HoldKind.Scheduled"/>: when it leaves; null to count <paramref name="Delay"/> from the commit.</param>
/// <param name="Token">For <see cref="HoldKind.Scheduled"/>: what cancels it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SyncHold(HoldKind Kind, int Count, TimeSpan Delay, DateTimeOffset? DueAt, Guid? Token)
{
    /// <summary>Sent as soon as committed.</summary>
    public static SyncHold None => default;

    /// <summary>Held until <paramref name="count"/> events of its type wait or <paramref name="delay"/> has passed since its commit.</summary>
    public static SyncHold Batch(int count, TimeSpan delay) => new(HoldKind.Batch, count, delay, null, null);

    /// <summary>Yields to everything that is ready, for <paramref name="maxDelay"/> at the longest.</summary>
    public static SyncHold Eventual(TimeSpan maxDelay) => new(HoldKind.Eventual, 0, maxDelay, null, null);

    /// <summary>Leaves at <paramref name="dueAt"/>, unless <paramref name="token"/> is cancelled before.</summary>
    public static SyncHold Until(DateTimeOffset dueAt, Guid token) => new(HoldKind.Scheduled, 0, TimeSpan.Zero, dueAt, token);

    /// <summary>Leaves <paramref name="delay"/> after its commit, unless <paramref name="token"/> is cancelled before.</summary>
    public static SyncHold After(TimeSpan delay, Guid token) => new(HoldKind.Scheduled, 0, delay, null, token);
}
