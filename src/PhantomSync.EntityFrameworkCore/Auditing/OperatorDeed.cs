namespace PhantomSync.EntityFrameworkCore.Auditing;

/// <summary>What an operator has done to what.</summary>
/// <param name="Action">In the audit trail's way, such as <c>DISCARD_DEAD_LETTER</c>.</param>
/// <param name="TenantId">Whose data it touches; <see cref="Platform"/> where that is no single tenant's.</param>
/// <param name="ResourceType">The kind of thing it was done to.</param>
/// <param name="ResourceId">The thing, unique within tenant and kind.</param>
public sealed record OperatorDeed(string Action, string TenantId, string ResourceType, string ResourceId)
{
    /// <summary>The trail of what concerns no tenant, or all of them.</summary>
    public const string Platform = "(platform)";

    /// <summary>How it ended.</summary>
    public string Result { get; init; } = "Success";

    /// <summary>What else is worth keeping, by name; null where it is not known.</summary>
    public IReadOnlyList<(string Name, string? Value)> Details { get; init; } = [];
}
