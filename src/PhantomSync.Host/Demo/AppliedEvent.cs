using System.ComponentModel.DataAnnotations.Schema;

namespace PhantomSync.Host.Demo;

/// <summary>One event, applied.</summary>
internal sealed class AppliedEvent
{
    /// <summary>The order of application; events of a key come from one partition, one after the other.</summary>
    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public long Sequence { get; init; }

    public required Guid EventId { get; init; }

    public required string EventType { get; init; }

    public required string Key { get; init; }
}
