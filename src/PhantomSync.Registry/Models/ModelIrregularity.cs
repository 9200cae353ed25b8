namespace PhantomSync.Registry.Models;

/// <summary>An event that did not fit what the registry knew of its model: kept for whoever resolves it.</summary>
public sealed class ModelIrregularity
{
    public required string TenantId { get; init; }

    public required Guid EventId { get; init; }

    public required string ModelId { get; init; }

    public required IrregularityKind Kind { get; init; }

    public required string EventType { get; init; }

    /// <summary>The service that published the event.</summary>
    public required string Source { get; init; }

    /// <summary>The state the event was made for, as far as it says so.</summary>
    public string? Expected { get; init; }

    /// <summary>The state it met.</summary>
    public string? Found { get; init; }

    /// <summary>What it said, JSON.</summary>
    public required string Said { get; init; }

    /// <summary>When it happened, by the clock of the source.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
