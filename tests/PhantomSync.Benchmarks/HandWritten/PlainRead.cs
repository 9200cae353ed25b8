using System.Text.Json.Serialization;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>What a consumer needs of the record.</summary>
internal sealed record PlainRead(PlainRead.Inference Data)
{
    internal sealed record Inference(string InferenceId, string ModelId, string TenantId, double Confidence, long InferenceTimeMs, Metadata SyncMetadata);

    internal sealed record Metadata(Guid EventId);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PlainRead))]
internal sealed partial class PlainReadJson : JsonSerializerContext;
