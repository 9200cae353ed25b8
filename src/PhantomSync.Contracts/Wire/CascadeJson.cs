using System.Text.Json.Serialization;

namespace PhantomSync.Contracts.Wire;

/// <summary>What the serializer knows about the cascade's types, generated at compile time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DisableTenantModels))]
[JsonSerializable(typeof(EnableTenantModels))]
[JsonSerializable(typeof(StopTenantTraining))]
[JsonSerializable(typeof(AllowTenantTraining))]
[JsonSerializable(typeof(SwitchOffTenantInference))]
[JsonSerializable(typeof(SwitchOnTenantInference))]
[JsonSerializable(typeof(StopTenantAgents))]
[JsonSerializable(typeof(RestartTenantAgents))]
[JsonSerializable(typeof(TenantCascadeStepDone))]
[JsonSerializable(typeof(TenantCascadeOverdue))]
[JsonSerializable(typeof(TenantSuspensionCompleted))]
[JsonSerializable(typeof(TenantResumed))]
[JsonSerializable(typeof(CancelTrainingJob))]
[JsonSerializable(typeof(PauseTrainingJob))]
[JsonSerializable(typeof(ResumeTrainingJob))]
[JsonSerializable(typeof(TrainingJobProgressed))]
[JsonSerializable(typeof(TrainingJobStalled))]
[JsonSerializable(typeof(TrainingJobCancelled))]
[JsonSerializable(typeof(TrainingQuotaExceeded))]
[JsonSerializable(typeof(TrainingNewsOverdue))]
[JsonSerializable(typeof(CascadeReplyOverdue))]
internal sealed partial class CascadeJson : JsonSerializerContext
{
    /// <summary>The metadata with the options of the wire form.</summary>
    public static CascadeJson Wire { get; } = new(WireJson.Options());
}
