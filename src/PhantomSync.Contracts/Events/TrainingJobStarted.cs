using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>A training job runs and holds resources.</summary>
public sealed record TrainingJobStarted : ISyncEvent
{
    private readonly FreeJson _trainingConfig;

    /// <summary>The job, unique within the tenant; a job trains one model.</summary>
    public required string JobId { get; init; }

    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>The configuration as the trainer understands it.</summary>
    public required JsonElement TrainingConfig { get => _trainingConfig; init => _trainingConfig = value; }

    /// <summary>What the job was given.</summary>
    public required ResourceAllocation ResourceAllocation { get; init; }

    /// <summary>The user or service that started it.</summary>
    public required string StartedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
