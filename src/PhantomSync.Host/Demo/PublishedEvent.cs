using System.ComponentModel.DataAnnotations.Schema;

namespace PhantomSync.Host.Demo;

/// <summary>Written in the transaction that published the event: the truth that the others are compared with.</summary>
internal sealed class PublishedEvent
{
    /// <summary>Grows with every event of a key, because a key has one writer at a time.</summary>
    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public long Sequence { get; init; }

    public required Guid EventId { get; init; }

    public required string EventType { get; init; }

    public required string Key { get; init; }
}
