using System.Security.Cryptography;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// An event on its way out, written in the transaction of the change it tells of. The database queues it when that
/// transaction commits; the relay removes it when Kafka has acknowledged it.
/// </summary>
public sealed class OutboxMessage
{
    private OutboxMessage()
    {
    }

    /// <summary>Grows in the order of publishing within the process.</summary>
    public Guid Id { get; private set; }

    public string Topic { get; private set; } = "";

    /// <summary>The partition key; null where order does not matter.</summary>
    public string? Key { get; private set; }

    /// <summary>The record's value, already serialised.</summary>
    public byte[] Body { get; private set; } = [];

    /// <summary>The record's headers in the form of the library's own codec.</summary>
    public byte[] Headers { get; private set; } = [];

    public string EventType { get; private set; } = "";

    public short Lane { get; private set; }

    public long KeyHash { get; private set; }

    public HoldKind Hold { get; private set; }

    public int HoldCount { get; private set; }

    public long HoldMilliseconds { get; private set; }

    public DateTimeOffset? DueAt { get; private set; }

    public Guid? ScheduleToken { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Makes a row; its lane and hash follow from topic and key, or from chance where there is no key.</summary>
    public static OutboxMessage Create(
        Guid id, string topic, string? key, byte[] body, byte[] headers, string eventType, SyncHold hold, DateTimeOffset createdAt)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentOutOfRangeException.ThrowIfNegative(hold.Count, nameof(hold));
        ArgumentOutOfRangeException.ThrowIfLessThan(hold.Delay, TimeSpan.Zero, nameof(hold));
        var hash = key is null ? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) : StableHash.Of(topic, key);
        return new OutboxMessage
        {
            Id = id,
            Topic = topic,
            Key = key,
            Body = body,
            Headers = headers,
            EventType = eventType,
            Lane = Lanes.Of(hash),
            KeyHash = hash,
            Hold = hold.Kind,
            HoldCount = hold.Count,
            HoldMilliseconds = (long)Math.Ceiling(hold.Delay.TotalMilliseconds),
            DueAt = hold.DueAt?.ToUniversalTime(),
            ScheduleToken = hold.Token,
            CreatedAt = createdAt.ToUniversalTime(),
        };
    }
}
