using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A reminder to itself: every service should have answered a cascade command by now.</summary>
public sealed record CascadeReplyOverdue : ISyncEvent
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The suspension, counted per tenant from 1.</summary>
    public required uint Suspension { get; init; }

    /// <summary>Which half of the cascade: <see cref="CascadeAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Which round of asking it is about, from 1.</summary>
    public required uint Attempt { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
