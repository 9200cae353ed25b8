namespace PhantomSync.Analytics;

/// <summary>That a tenant, or one of its users, is to leave no trace in the metrics.</summary>
public sealed record Erasure
{
    /// <summary>What the user's name is overwritten with.</summary>
    public const string ErasedUser = "erased";

    /// <summary>Its identity.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary>The user whose name is overwritten; null where all of the tenant's rows go.</summary>
    public string? UserId { get; init; }

    /// <summary>What happened before this is erased, and will not be recorded again.</summary>
    public required DateTimeOffset Before { get; init; }

    /// <summary>Who erased it.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset ErasedAt { get; init; }
}
