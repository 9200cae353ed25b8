namespace PhantomSync.Registry.Versions;

/// <summary>One step in a version's life.</summary>
public sealed class StageHistoryEntry
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public required int Number { get; init; }

    /// <summary>Counts a version's steps, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Null in the first step.</summary>
    public VersionStage? FromStage { get; init; }

    public required VersionStage ToStage { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
