namespace PhantomSync.Contracts.Conflicts;

/// <summary>One of the changes that are in conflict. What it says stays in the store of the resource's owner.</summary>
public sealed record ContendingChange
{
    /// <summary>The id of the event that brought it.</summary>
    public required string ChangeId { get; init; }

    /// <summary>The service that made it.</summary>
    public required string SourceService { get; init; }

    /// <summary>When it was made, by the clock of that service.</summary>
    public required Timestamp Timestamp { get; init; }
}
