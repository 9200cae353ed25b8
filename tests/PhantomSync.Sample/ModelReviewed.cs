using System.Text.Json.Serialization;
using PhantomSync.Contracts;

namespace PhantomSync.Sample;

/// <summary>Somebody has looked at a model version and said whether it may serve.</summary>
public sealed record ModelReviewed : ISyncEvent
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public required string Version { get; init; }

    public required bool Approved { get; init; }

    public required string ReviewedBy { get; init; }

    /// <summary>Optional on the wire: missing and null are the same.</summary>
    public string? Comment { get; init; }

    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

[JsonSerializable(typeof(ModelReviewed))]
internal sealed partial class ReviewsJson : JsonSerializerContext;
