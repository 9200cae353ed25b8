using System.Text.Json.Serialization;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>How soon an event has to travel. One of three: nobody else can derive from it.</summary>
[JsonConverter(typeof(SyncStrategyConverter))]
public abstract record SyncStrategy
{
    /// <summary>The smallest and largest number of events a batch may wait for.</summary>
    public const uint SmallestBatch = 1, LargestBatch = 10_000;

    /// <summary>The shortest and longest delay that may be asked for, in milliseconds: 1 ms and one hour.</summary>
    public const ulong ShortestDelayMs = 1, LongestDelayMs = 3_600_000;

    private SyncStrategy()
    {
    }

    /// <summary>What applies when nothing is said: <see cref="Immediate"/>.</summary>
    public static SyncStrategy Default { get; } = new Immediate();

    /// <summary>As soon as the transaction has committed.</summary>
    public sealed record Immediate : SyncStrategy;

    /// <summary>Together with others of its kind.</summary>
    /// <param name="BatchSize">Leaves when this many wait, 1 to 10 000.</param>
    /// <param name="DelayMs">Leaves at the latest after this time, 1 ms to one hour.</param>
    public sealed record BatchDelayed(uint BatchSize, ulong DelayMs) : SyncStrategy;

    /// <summary>After everything more urgent.</summary>
    /// <param name="MaxDelayMs">Leaves at the latest after this time, 1 ms to one hour.</param>
    public sealed record EventualConsistency(ulong MaxDelayMs) : SyncStrategy;
}
