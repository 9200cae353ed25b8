using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Contracts.Values;

namespace PhantomSync.Contracts;

/// <summary>One prediction was served.</summary>
public sealed record InferenceCompleted : ISyncEvent
{
    private readonly FreeJson _inputFeatures;
    private readonly FreeJson _prediction;

    /// <summary>The prediction, unique within the tenant.</summary>
    public required string InferenceId { get; init; }

    /// <summary>The model, unique within the tenant.</summary>
    public required string ModelId { get; init; }

    /// <summary>The version of the model that answered.</summary>
    public required string Version { get; init; }

    /// <inheritdoc/>
    public required string TenantId { get; init; }

    /// <summary>What was asked; may hold personal data.</summary>
    public required JsonElement InputFeatures { get => _inputFeatures; init => _inputFeatures = value; }

    /// <summary>What was answered; may hold personal data.</summary>
    public required JsonElement Prediction { get => _prediction; init => _prediction = value; }

    /// <summary>How sure the model was, from 0 to 1; must be finite.</summary>
    public required double Confidence { get; init; }

    /// <summary>How long the answer took, in milliseconds.</summary>
    public required ulong InferenceTimeMs { get; init; }

    /// <summary>The user or service that asked.</summary>
    public required string RequestedBy { get; init; }

    /// <inheritdoc/>
    [JsonRequired]
    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    /// <inheritdoc/>
    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}
