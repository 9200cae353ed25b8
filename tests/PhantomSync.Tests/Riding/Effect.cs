namespace PhantomSync.Tests.Riding;

/// <summary>That an event was applied; ids count in the order of the effects.</summary>
public sealed class Effect
{
    public long Id { get; init; }

    public required Guid EventId { get; init; }

    public required string Tenant { get; init; }

    public required string Model { get; init; }

    public required string Note { get; init; }
}
