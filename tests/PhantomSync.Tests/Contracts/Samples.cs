using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

/// <summary>One event of each kind: what the golden files say.</summary>
internal static class Samples
{
    public static SyncMetadata Metadata { get; } = new()
    {
        EventId = Guid.Parse("0198c0de-0000-7000-8000-000000000001"),
        SourceService = "model-service",
        SourceVersion = "1.4.2",
        OccurredAt = Timestamp.Parse("2026-03-01T12:34:56.789012345Z"),
        CorrelationId = Guid.Parse("0198c0de-0000-7000-8000-000000000002"),
        TenantId = "tenant-1",
        IdempotencyKey = "model-service:0198c0de-0000-7000-8000-000000000001",
        RetryCount = 0,
        SyncStrategy = new SyncStrategy.Immediate(),
    };

    public static ModelDeleted ModelDeleted { get; } = new()
    {
        ModelId = "model-42",
        TenantId = "tenant-1",
        DeletionReason = "obsolete",
        DeletedBy = "bob",
        SyncMetadata = Metadata,
    };

    public static TrainingJobCompleted TrainingJobCompleted { get; } = new()
    {
        JobId = "job-7",
        ModelId = "model-42",
        TenantId = "tenant-1",
        FinalMetrics = new Dictionary<string, double>
        {
            ["accuracy"] = 0.93,
            ["loss"] = double.NaN,
            ["epochs"] = 10,
            ["gain"] = double.PositiveInfinity,
            ["drop"] = double.NegativeInfinity,
        },
        ArtifactsLocation = "s3://models/42",
        TrainingDurationMs = ulong.MaxValue,
        SyncMetadata = Metadata,
    };

    public static InferenceCompleted InferenceCompleted { get; } = new()
    {
        InferenceId = "inf-9",
        ModelId = "model-42",
        Version = "1.1.0",
        TenantId = "tenant-1",
        InputFeatures = Json("[1,2.50,\"x\"]"),
        Prediction = Json("\"churn\""),
        Confidence = 1,
        InferenceTimeMs = 12,
        RequestedBy = "app",
        SyncMetadata = Metadata,
    };

    public static IReadOnlyList<ISyncEvent> All { get; } =
    [
        new ModelCreated
        {
            ModelId = "model-42",
            TenantId = "tenant-1",
            Name = "Churn \"é\" <&> 😀\u007f \\ \b\f\n\r\t\u0001\u001f\u2028",
            ModelType = "classification",
            Algorithm = "xgboost",
            CreatedBy = "alice",
            SyncMetadata = Metadata,
        },
        new ModelUpdated
        {
            ModelId = "model-42",
            TenantId = "tenant-1",
            PreviousVersion = "1.0.0",
            NewVersion = "1.1.0",
            Changes = new Dictionary<string, JsonElement> { ["description"] = Json("\"x\""), ["limit"] = Json("null"), ["tags"] = Json("[\"a\", \"b\"]") },
            UpdatedBy = "bob",
            SyncMetadata = Metadata,
        },
        ModelDeleted,
        new TrainingJobStarted
        {
            JobId = "job-7",
            ModelId = "model-42",
            TenantId = "tenant-1",
            TrainingConfig = Json("{ \"epochs\": 10, \"lr\": 0.001, \"layers\": [64, 32] }"),
            ResourceAllocation = new() { CpuCores = 7.5, MemoryBytes = 17_179_869_184, GpuType = "A100", GpuCount = 2, Priority = 5 },
            StartedBy = "alice",
            SyncMetadata = Metadata,
        },
        TrainingJobCompleted,
        new TrainingJobFailed
        {
            JobId = "job-7",
            ModelId = "model-42",
            TenantId = "tenant-1",
            FailureReason = "out of memory",
            ErrorDetails = Json("{\"code\":137,\"stack\":null}"),
            SyncMetadata = Metadata,
        },
        InferenceCompleted,
        new BatchInferenceCompleted
        {
            BatchId = "batch-3",
            ModelId = "model-42",
            Version = "1.1.0",
            TenantId = "tenant-1",
            TotalPredictions = (1UL << 53) + 1,
            AverageConfidence = 0.1,
            TotalTimeMs = 1,
            ResultsLocation = "s3://results/3",
            SyncMetadata = Metadata,
        },
        new AgentExecutionStarted
        {
            ExecutionId = "exec-1", AgentId = "agent-2", TenantId = "tenant-1", Context = Json("{}"), StartedBy = "alice", SyncMetadata = Metadata,
        },
        new AgentExecutionCompleted
        {
            ExecutionId = "exec-1", AgentId = "agent-2", TenantId = "tenant-1", Result = default, ExecutionTimeMs = 0, SyncMetadata = Metadata,
        },
        new AuditLogCreated
        {
            LogId = "log-5",
            TenantId = "tenant-1",
            UserId = "alice",
            Action = "login",
            ResourceType = "session",
            ResourceId = "s-1",
            Result = "success",
            Timestamp = Timestamp.Parse("2026-03-01T01:00:00+01:00"),
            SyncMetadata = Metadata,
        },
        new PerformanceMetricsUpdated
        {
            TenantId = "tenant-1",
            ServiceName = "model-service",
            Metrics = new Dictionary<string, double> { ["p99_ms"] = 12.5 },
            Timestamp = Timestamp.Parse("2026-03-01T00:00:00.25Z"),
            SyncMetadata = Metadata,
        },
        new TenantCreated
        {
            TenantId = "tenant-1",
            TenantName = "Acme",
            SubscriptionTier = "gold",
            ResourceQuotas = new() { MaxModels = 100, MaxConcurrentJobs = Quota.Unlimited, RetentionDays = 365 },
            CreatedBy = "root",
            SyncMetadata = Metadata,
        },
        new TenantUpdated
        {
            TenantId = "tenant-1",
            Changes = new Dictionary<string, JsonElement> { ["subscription_tier"] = Json("\"platinum\"") },
            UpdatedBy = "root",
            SyncMetadata = Metadata,
        },
        new TenantSuspended { TenantId = "tenant-1", SuspensionReason = "unpaid", SuspendedBy = "root", SyncMetadata = Metadata },
    ];

    public static JsonElement Json(string text) => JsonElement.Parse(text);
}
