using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>A training job ended without a result.</summary>
public sealed record TrainingJobFailed : ISyncEvent
{
    private readonly FreeJson _errorDetails;

    /// <summary>The job, unique within the tenant.</summary>
    public required string JobId { get; init; }

    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>Why it failed, in words.</summary>
    public required string FailureReason { get; init; }

    /// <summary>What the trainer reported.</summary>
    public required JsonElement ErrorDetails { get => _errorDetails; init => _errorDetails = value; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
