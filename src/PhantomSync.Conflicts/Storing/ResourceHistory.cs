using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Conflicts.Storing;

/// <summary>The changes of a resource that are remembered, beside the resource.</summary>
public sealed class ResourceHistory
{
    public required string TenantId { get; init; }

    public required string ResourceType { get; init; }

    public required string ResourceId { get; init; }

    /// <summary>Since when a change waits for one that it seems to follow and that has not come; null where none does.</summary>
    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>The policy that its conflicts were last decided by: a person's decision elsewhere must meet the same one.</summary>
    public string? Policy { get; set; }

    /// <summary>Whether it has a conflict that waits for a person.</summary>
    public bool HasOpen { get; set; }

    /// <summary>Counts up with every change of the row.</summary>
    public int Revision { get; set; }

    /// <summary>The conflicts that were kept when the resource was last considered, as the ledger's keys.</summary>
    internal IReadOnlyList<string> Recorded { get; set; } = [];

    internal ChangeHistory Changes { get; set; } = ChangeHistory.Empty;
}
