using System.Text.Json.Serialization;
using PhantomSync.Contracts.Conflicts;

namespace PhantomSync.Contracts.Wire;

/// <summary>What the serializer knows about the platform's own types, generated at compile time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ModelCreated))]
[JsonSerializable(typeof(ModelUpdated))]
[JsonSerializable(typeof(ModelDeleted))]
[JsonSerializable(typeof(TrainingJobStarted))]
[JsonSerializable(typeof(TrainingJobCompleted))]
[JsonSerializable(typeof(TrainingJobFailed))]
[JsonSerializable(typeof(InferenceCompleted))]
[JsonSerializable(typeof(BatchInferenceCompleted))]
[JsonSerializable(typeof(AgentExecutionStarted))]
[JsonSerializable(typeof(AgentExecutionCompleted))]
[JsonSerializable(typeof(AuditLogCreated))]
[JsonSerializable(typeof(PerformanceMetricsUpdated))]
[JsonSerializable(typeof(TenantCreated))]
[JsonSerializable(typeof(TenantUpdated))]
[JsonSerializable(typeof(TenantSuspended))]
[JsonSerializable(typeof(ConflictDetected))]
[JsonSerializable(typeof(ConflictResolved))]
internal sealed partial class PlatformJson : JsonSerializerContext
{
    /// <summary>The metadata with the options of the wire form.</summary>
    public static PlatformJson Wire { get; } = new(WireJson.Options());
}
