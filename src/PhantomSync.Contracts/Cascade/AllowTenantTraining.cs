using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>A tenant's training jobs may start again, and those that were paused go on.</summary>
public sealed record AllowTenantTraining : ITenantCommand
{
    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <inheritdoc/>
    public required uint Suspension { get; init; }

    /// <inheritdoc/>
    public required uint Attempt { get; init; }

    /// <summary>What had become of those that ran: one of <see cref="TrainingPolicy"/>; null for <see cref="TrainingPolicy.Cancel"/>.</summary>
    public string? Policy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
