using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

/// <summary>What events are made of.</summary>
internal sealed record Material(
    string[] Ids, string[] Texts, JsonElement[] Json, double Number, ulong[] Counts,
    Dictionary<string, double> Metrics, Dictionary<string, JsonElement> Map, Timestamp Time, Quota? Quota, SyncMetadata Metadata)
{
    public ISyncEvent[] Events()
    {
        var (tenant, a, b, c) = (Ids[0], Ids[1], Ids[2], Ids[3]);
        ISyncEvent[] events =
        [
            new ModelCreated { TenantId = tenant, ModelId = a, Name = Texts[0], ModelType = Texts[1], Algorithm = Texts[2], CreatedBy = Texts[3] },
            new ModelUpdated { TenantId = tenant, ModelId = a, PreviousVersion = Texts[0], NewVersion = Texts[1], Changes = Map, UpdatedBy = Texts[2] },
            new ModelDeleted { TenantId = tenant, ModelId = a, DeletionReason = Texts[0], DeletedBy = Texts[1] },
            new TrainingJobStarted
            {
                TenantId = tenant,
                JobId = b,
                ModelId = a,
                TrainingConfig = Json[0],
                ResourceAllocation = new() { CpuCores = Math.Abs(Number), MemoryBytes = Counts[0], GpuType = Texts[0], GpuCount = (uint)Counts[1] },
                StartedBy = Texts[1],
            },
            new TrainingJobCompleted
            {
                TenantId = tenant, JobId = b, ModelId = a, FinalMetrics = Metrics, ArtifactsLocation = Texts[0], TrainingDurationMs = Counts[0],
            },
            new TrainingJobFailed { TenantId = tenant, JobId = b, ModelId = a, FailureReason = Texts[0], ErrorDetails = Json[0] },
            new InferenceCompleted
            {
                TenantId = tenant,
                InferenceId = b,
                ModelId = a,
                Version = Texts[0],
                InputFeatures = Json[0],
                Prediction = Json[1],
                Confidence = Number,
                InferenceTimeMs = Counts[0],
                RequestedBy = Texts[1],
            },
            new BatchInferenceCompleted
            {
                TenantId = tenant,
                BatchId = b,
                ModelId = a,
                Version = Texts[0],
                TotalPredictions = Counts[0],
                AverageConfidence = Number,
                TotalTimeMs = Counts[1],
                ResultsLocation = Texts[1],
            },
            new AgentExecutionStarted { TenantId = tenant, ExecutionId = a, AgentId = b, Context = Json[0], StartedBy = Texts[0] },
            new AgentExecutionCompleted { TenantId = tenant, ExecutionId = a, AgentId = b, Result = Json[0], ExecutionTimeMs = Counts[0] },
            new AuditLogCreated
            {
                TenantId = tenant,
                LogId = a,
                UserId = b,
                Action = Texts[0],
                ResourceType = b,
                ResourceId = c,
                Result = Texts[1],
                Timestamp = Time,
            },
            new PerformanceMetricsUpdated { TenantId = tenant, ServiceName = a, Metrics = Metrics, Timestamp = Time },
            new TenantCreated
            {
                TenantId = tenant,
                TenantName = Texts[0],
                SubscriptionTier = Texts[1],
                ResourceQuotas = new() { MaxModels = Quota, RetentionDays = Counts[2] },
                CreatedBy = Texts[2],
            },
            new TenantUpdated { TenantId = tenant, Changes = Map, UpdatedBy = Texts[0] },
            new TenantSuspended { TenantId = tenant, SuspensionReason = Texts[0], SuspendedBy = Texts[1] },
        ];
        return [.. events.Select(e => e.WithMetadata(Metadata))];
    }
}
