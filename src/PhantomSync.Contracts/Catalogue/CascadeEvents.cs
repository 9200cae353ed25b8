using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>
/// What the sagas and the services they lead say to each other, beside the platform's fifteen events and on topics of their own:
/// <c>EventCatalogue.Platform.With(CascadeEvents.All)</c>.
/// </summary>
public static class CascadeEvents
{
    /// <summary>The topics of the commands, the answers, what became of a cascade, training, and time-outs.</summary>
    public const string
        Commands = "phantom.tenant-commands",
        Replies = "phantom.tenant-replies",
        Outcomes = "phantom.tenant-outcomes",
        Training = "phantom.training",
        Timeouts = "phantom.timeouts";

    /// <summary>Every one of them, in the order of the topics.</summary>
    public static IReadOnlyList<EventDescriptor> All { get; } =
    [
        EventDescriptor.Create("DisableTenantModels", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.DisableTenantModels),
        EventDescriptor.Create("EnableTenantModels", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.EnableTenantModels),
        EventDescriptor.Create("StopTenantTraining", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.StopTenantTraining),
        EventDescriptor.Create("AllowTenantTraining", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.AllowTenantTraining),
        EventDescriptor.Create("SwitchOffTenantInference", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.SwitchOffTenantInference),
        EventDescriptor.Create("SwitchOnTenantInference", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.SwitchOnTenantInference),
        EventDescriptor.Create("StopTenantAgents", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.StopTenantAgents),
        EventDescriptor.Create("RestartTenantAgents", Commands, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.RestartTenantAgents),
        EventDescriptor.Create("TenantCascadeStepDone", Replies, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.TenantCascadeStepDone),
        EventDescriptor.Create("TenantCascadeOverdue", Outcomes, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.TenantCascadeOverdue),
        EventDescriptor.Create("TenantSuspensionCompleted", Outcomes, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.TenantSuspensionCompleted),
        EventDescriptor.Create("TenantResumed", Outcomes, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.TenantResumed),
        EventDescriptor.Create("CancelTrainingJob", Training, e => PartitionKey.Of(e.TenantId, e.ModelId), CascadeJson.Wire.CancelTrainingJob),
        EventDescriptor.Create("PauseTrainingJob", Training, e => PartitionKey.Of(e.TenantId, e.ModelId), CascadeJson.Wire.PauseTrainingJob),
        EventDescriptor.Create("ResumeTrainingJob", Training, e => PartitionKey.Of(e.TenantId, e.ModelId), CascadeJson.Wire.ResumeTrainingJob),
        EventDescriptor.Create("TrainingJobProgressed", Training, e => PartitionKey.Of(e.TenantId, e.ModelId), CascadeJson.Wire.TrainingJobProgressed),
        EventDescriptor.Create("TrainingJobStalled", Training, e => PartitionKey.Of(e.TenantId, e.ModelId), CascadeJson.Wire.TrainingJobStalled),
        EventDescriptor.Create("TrainingJobCancelled", Training, e => PartitionKey.Of(e.TenantId, e.ModelId), CascadeJson.Wire.TrainingJobCancelled),
        EventDescriptor.Create("TrainingQuotaExceeded", Training, e => PartitionKey.Of(e.TenantId, e.ModelId), CascadeJson.Wire.TrainingQuotaExceeded),
        EventDescriptor.Create("TrainingNewsOverdue", Timeouts, e => PartitionKey.Of(e.TenantId, e.JobId), CascadeJson.Wire.TrainingNewsOverdue),
        EventDescriptor.Create("CascadeReplyOverdue", Timeouts, e => PartitionKey.Of(e.TenantId), CascadeJson.Wire.CascadeReplyOverdue),
    ];
}
