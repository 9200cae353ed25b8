using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts.Catalogue;

/// <summary>The one place that says what each event of the platform is called, where it travels and what it is about.</summary>
internal static class PlatformEvents
{
    private const string
        Models = "phantom.models",
        Inference = "phantom.inference",
        Agents = "phantom.agents",
        Audit = "phantom.audit",
        Performance = "phantom.performance",
        Tenants = "phantom.tenants";

    // Training events share topic and key with their model, so that a job keeps its order and has one
    // against its model. Inference events are spread: counters need no order, a popular model has many.
    public static EventDescriptor[] All() =>
    [
        EventDescriptor.Create("ModelCreated", Models, e => PartitionKey.Of(e.TenantId, e.ModelId), PlatformJson.Wire.ModelCreated),
        EventDescriptor.Create("ModelUpdated", Models, e => PartitionKey.Of(e.TenantId, e.ModelId), PlatformJson.Wire.ModelUpdated),
        EventDescriptor.Create("ModelDeleted", Models, e => PartitionKey.Of(e.TenantId, e.ModelId), PlatformJson.Wire.ModelDeleted),
        EventDescriptor.Create("TrainingJobStarted", Models, e => PartitionKey.Of(e.TenantId, e.ModelId), PlatformJson.Wire.TrainingJobStarted),
        EventDescriptor.Create("TrainingJobCompleted", Models, e => PartitionKey.Of(e.TenantId, e.ModelId), PlatformJson.Wire.TrainingJobCompleted),
        EventDescriptor.Create("TrainingJobFailed", Models, e => PartitionKey.Of(e.TenantId, e.ModelId), PlatformJson.Wire.TrainingJobFailed),
        EventDescriptor.Create("InferenceCompleted", Inference, e => PartitionKey.Of(e.TenantId, e.ModelId, e.InferenceId), PlatformJson.Wire.InferenceCompleted),
        EventDescriptor.Create("BatchInferenceCompleted", Inference, e => PartitionKey.Of(e.TenantId, e.ModelId, e.BatchId), PlatformJson.Wire.BatchInferenceCompleted),
        EventDescriptor.Create("AgentExecutionStarted", Agents, e => PartitionKey.Of(e.TenantId, e.ExecutionId), PlatformJson.Wire.AgentExecutionStarted),
        EventDescriptor.Create("AgentExecutionCompleted", Agents, e => PartitionKey.Of(e.TenantId, e.ExecutionId), PlatformJson.Wire.AgentExecutionCompleted),
        EventDescriptor.Create("AuditLogCreated", Audit, e => PartitionKey.Of(e.TenantId, e.ResourceType, e.ResourceId), PlatformJson.Wire.AuditLogCreated),
        EventDescriptor.Create("PerformanceMetricsUpdated", Performance, e => PartitionKey.Of(e.TenantId, e.ServiceName), PlatformJson.Wire.PerformanceMetricsUpdated),
        EventDescriptor.Create("TenantCreated", Tenants, e => PartitionKey.Of(e.TenantId), PlatformJson.Wire.TenantCreated),
        EventDescriptor.Create("TenantUpdated", Tenants, e => PartitionKey.Of(e.TenantId), PlatformJson.Wire.TenantUpdated),
        EventDescriptor.Create("TenantSuspended", Tenants, e => PartitionKey.Of(e.TenantId), PlatformJson.Wire.TenantSuspended),
    ];
}
