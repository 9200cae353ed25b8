using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A suspended tenant's training jobs are to be dealt with by the tenant's policy, and none may start.</summary>
public sealed record StopTenantTraining : ITenantCommand
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <inheritdoc/>
    public required uint Suspension { get; init; }

    /// <inheritdoc/>
    public required uint Attempt { get; init; }

    /// <summary>Why the tenant was suspended, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>What becomes of those that run: one of <see cref="TrainingPolicy"/>; null for <see cref="TrainingPolicy.Cancel"/>.</summary>
    public string? Policy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
