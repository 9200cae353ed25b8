using System.Text.Json.Serialization;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>What metrics and audit need of the record: all but what was asked and answered.</summary>
internal sealed record PlainFact(PlainFact.Inference Data)
{
    internal sealed record Inference(
        string InferenceId, string ModelId, string Version, string TenantId, double Confidence, ulong InferenceTimeMs, string RequestedBy, Metadata SyncMetadata);

    internal sealed record Metadata(Guid EventId, string SourceService, DateTimeOffset OccurredAt, Guid? CorrelationId, Guid? CausationId);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PlainFact))]
internal sealed partial class PlainFactJson : JsonSerializerContext;
