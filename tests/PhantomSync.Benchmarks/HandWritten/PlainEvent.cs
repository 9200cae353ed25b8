using System.Text.Json;
using System.Text.Json.Serialization;
using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>The record as a team that knows only this event would write and read it.</summary>
internal sealed record PlainEvent(string EventType, PlainEvent.Inference Data)
{
    public static PlainEvent Number(int number, string now)
    {
        var e = Events.Number(number);
        var id = Guid.CreateVersion7();
        return new PlainEvent("InferenceCompleted", new Inference(
            e.InferenceId, e.ModelId, e.Version, e.TenantId, e.InputFeatures, e.Prediction, e.Confidence, e.InferenceTimeMs, e.RequestedBy,
            new Metadata(id, "benchmark", "1.0.0", now, null, null, e.TenantId, $"benchmark:{id}", 0, "Immediate")));
    }

    [JsonIgnore]
    public string Key => $"{Data.TenantId}:{Data.ModelId}:{Data.InferenceId}";

    internal sealed record Inference(
        string InferenceId,
        string ModelId,
        string Version,
        string TenantId,
        JsonElement InputFeatures,
        JsonElement Prediction,
        double Confidence,
        ulong InferenceTimeMs,
        string RequestedBy,
        Metadata SyncMetadata);

    internal sealed record Metadata(
        Guid EventId,
        string SourceService,
        string SourceVersion,
        string OccurredAt,
        Guid? CorrelationId,
        Guid? CausationId,
        string TenantId,
        string IdempotencyKey,
        int RetryCount,
        string SyncStrategy);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PlainEvent))]
internal sealed partial class PlainJson : JsonSerializerContext;
