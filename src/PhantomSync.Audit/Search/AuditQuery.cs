using PhantomSync.Contracts;

namespace PhantomSync.Audit.Search;

/// <summary>What is looked for in a tenant's trail. Everything given must hold.</summary>
public sealed record AuditQuery
{
    public const int LongestText = 256, LargestPage = 1_000;

    /// <summary>There is no search over tenants.</summary>
    public required string TenantId { get; init; }

    /// <summary>Words, all of which must be there; <c>"some words"</c> in this order; <c>wor*</c> for what begins so.</summary>
    public string? Text { get; init; }

    public string? UserId { get; init; }

    public string? Action { get; init; }

    public string? ResourceType { get; init; }

    public string? ResourceId { get; init; }

    public string? Result { get; init; }

    public Guid? CorrelationId { get; init; }

    /// <summary>Done at this moment or later.</summary>
    public Timestamp? From { get; init; }

    /// <summary>Done before this moment.</summary>
    public Timestamp? To { get; init; }

    /// <summary>Entries on a page, 1 to 1,000. Default 50.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary><see cref="AuditPage.Next"/> of the page before; null for the first.</summary>
    public string? After { get; init; }
}
