using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A service has not answered a cascade command however often it was asked; it is asked on.</summary>
public sealed record TenantCascadeOverdue : ISyncEvent
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The suspension, counted per tenant from 1.</summary>
    public required uint Suspension { get; init; }

    /// <summary>Which half of the cascade: <see cref="CascadeAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The service that does not answer.</summary>
    public required string Service { get; init; }

    /// <summary>How often it has been asked.</summary>
    public required uint Attempts { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
