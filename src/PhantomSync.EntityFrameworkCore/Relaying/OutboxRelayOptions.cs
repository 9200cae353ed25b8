using System.ComponentModel.DataAnnotations;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>How an outbox is emptied into Kafka. The defaults run.</summary>
public sealed class OutboxRelayOptions : IValidatableObject
{
    /// <summary>Workers in this process, each with a connection of its own; 0 for what suits the database (PostgreSQL 2, SQLite 1).</summary>
    [Range(0, 16)]
    public int Workers { get; set; }

    /// <summary>The most events read and sent in one cycle.</summary>
    [Range(1, 20_000)]
    public int BatchRows { get; set; } = 2_048;

    /// <summary>The most bytes read in one cycle.</summary>
    [Range(1_024, 256 * 1024 * 1024)]
    public int BatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The same while the broker keeps its log in memory.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int VolatileBatchBytes { get; set; } = 512 * 1024;

    /// <summary>A larger record (key, headers and body) goes to the dead letters without being sent.</summary>
    [Range(1_024, 64 * 1024 * 1024)]
    public int MaxRecordBytes { get; set; } = 900_000;

    /// <summary>The same while the broker keeps its log in memory.</summary>
    [Range(1_024, 1024 * 1024)]
    public int VolatileMaxRecordBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// From this age on, a cycle hands over no further events of keys that have several in it: they go with the next cycle,
    /// together with what has been committed meanwhile.
    /// </summary>
    public TimeSpan CycleTime { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The least time from one reading of the outbox to the next while little waits there: what is committed meanwhile leaves
    /// together. It is no delay where events are rare, and none where a batch is full. Zero reads without a pause.
    /// </summary>
    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How soon it looks again after finding nothing, unless a commit in this process wakes it.</summary>
    public TimeSpan PollMin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How seldom it looks once it has found nothing for a while.</summary>
    public TimeSpan PollMax { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The first pause of a topic that fails, and of a database that is away; doubles with each failure.</summary>
    public TimeSpan BackoffMin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest such pause.</summary>
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the lanes are shared out anew among the workers; the time in which a dead host's lanes are taken over.</summary>
    public TimeSpan LaneRefresh { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a worker that waits for Kafka shows that it is alive.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A session that owns lanes with waiting events and has been silent for so long is ended by the others.</summary>
    public TimeSpan FrozenAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the backlog is measured for the metrics.</summary>
    public TimeSpan MeasureEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for Kafka's reports on what is in flight. Without them those events are sent again.</summary>
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in new[]
        {
            (nameof(CycleTime), CycleTime), (nameof(PollMin), PollMin), (nameof(BackoffMin), BackoffMin), (nameof(LaneRefresh), LaneRefresh),
            (nameof(Heartbeat), Heartbeat), (nameof(MeasureEvery), MeasureEvery), (nameof(StopWithin), StopWithin),
        })
        {
            if (value <= TimeSpan.Zero)
                yield return new($"{name} is {value}; it must be longer than zero.", [name]);
        }

        if (Pace < TimeSpan.Zero || Pace > Heartbeat)
            yield return new($"Pace is {Pace}; it must be between zero and Heartbeat ({Heartbeat}).", [nameof(Pace)]);
        if (PollMax < PollMin)
            yield return new($"PollMax ({PollMax}) is shorter than PollMin ({PollMin}).", [nameof(PollMax)]);
        if (BackoffMax < BackoffMin)
            yield return new($"BackoffMax ({BackoffMax}) is shorter than BackoffMin ({BackoffMin}).", [nameof(BackoffMax)]);
        if (FrozenAfter < 3 * Heartbeat || FrozenAfter < 3 * PollMax || FrozenAfter < 3 * BackoffMax)
            yield return new($"FrozenAfter ({FrozenAfter}) must be at least three times Heartbeat, PollMax and BackoffMax, or live workers are taken for frozen.", [nameof(FrozenAfter)]);
    }
}
