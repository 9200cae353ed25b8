using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

/// <summary>One of each message of the sagas: what their golden files say.</summary>
internal static class CascadeSamples
{
    private const string Tenant = "tenant-1";

    public static IReadOnlyList<ISyncEvent> All { get; } =
    [
        new DisableTenantModels { TenantId = Tenant, Suspension = 3, Attempt = 1, Reason = "unpaid", SyncMetadata = Samples.Metadata },
        new EnableTenantModels { TenantId = Tenant, Suspension = 3, Attempt = 2, SyncMetadata = Samples.Metadata },
        new StopTenantTraining { TenantId = Tenant, Suspension = 3, Attempt = 1, Reason = "unpaid", Policy = TrainingPolicy.Pause, SyncMetadata = Samples.Metadata },
        new AllowTenantTraining { TenantId = Tenant, Suspension = 3, Attempt = 1, Policy = TrainingPolicy.Pause, SyncMetadata = Samples.Metadata },
        new SwitchOffTenantInference { TenantId = Tenant, Suspension = 3, Attempt = 1, Reason = "unpaid", SyncMetadata = Samples.Metadata },
        new SwitchOnTenantInference { TenantId = Tenant, Suspension = 3, Attempt = uint.MaxValue, SyncMetadata = Samples.Metadata },
        new StopTenantAgents { TenantId = Tenant, Suspension = uint.MaxValue, Attempt = 1, Reason = "unpaid", SyncMetadata = Samples.Metadata },
        new RestartTenantAgents { TenantId = Tenant, Suspension = 3, Attempt = 1, SyncMetadata = Samples.Metadata },
        new TenantCascadeStepDone
        {
            TenantId = Tenant,
            Suspension = 3,
            Action = CascadeAction.Suspend,
            Service = CascadeService.Training,
            Outcome = CascadeOutcome.Done,
            Affected = 2,
            Details = Samples.Json("{\"jobs\":[\"job-7\",\"job-8\"]}"),
            SyncMetadata = Samples.Metadata,
        },
        new TenantCascadeOverdue
        {
            TenantId = Tenant, Suspension = 3, Action = CascadeAction.Resume, Service = CascadeService.Agents, Attempts = 6, SyncMetadata = Samples.Metadata,
        },
        new TenantSuspensionCompleted { TenantId = Tenant, Suspension = 3, SyncMetadata = Samples.Metadata },
        new TenantResumed { TenantId = Tenant, Suspension = 3, SyncMetadata = Samples.Metadata },
        new CancelTrainingJob { JobId = "job-7", ModelId = "model-42", TenantId = Tenant, Attempt = 2, Cause = CancellationCause.TenantSuspended, Reason = "tenant suspended", RequestedBy = "billing", SyncMetadata = Samples.Metadata },
        new PauseTrainingJob { JobId = "job-7", ModelId = "model-42", TenantId = Tenant, Suspension = 3, Reason = "tenant suspended", RequestedBy = "billing", SyncMetadata = Samples.Metadata },
        new ResumeTrainingJob { JobId = "job-7", ModelId = "model-42", TenantId = Tenant, Suspension = 3, RequestedBy = "sagas", SyncMetadata = Samples.Metadata },
        new TrainingJobProgressed { JobId = "job-7", ModelId = "model-42", TenantId = Tenant, Progress = 0.25, SyncMetadata = Samples.Metadata },
        new TrainingJobStalled
        {
            JobId = "job-7", ModelId = "model-42", TenantId = Tenant, LastNewsAt = Timestamp.Parse("2026-03-01T00:00:00.000001Z"), SyncMetadata = Samples.Metadata,
        },
        new TrainingJobCancelled { JobId = "job-7", ModelId = "model-42", TenantId = Tenant, Cause = CancellationCause.ModelDeleted, Reason = "model deleted", CancelledBy = "bob", SyncMetadata = Samples.Metadata },
        new TrainingQuotaExceeded { JobId = "job-7", ModelId = "model-42", TenantId = Tenant, Quota = "max_concurrent_jobs", Limit = 2, Used = ulong.MaxValue, SyncMetadata = Samples.Metadata },
        new TrainingNewsOverdue { JobId = "job-7", ModelId = "model-42", TenantId = Tenant, SyncMetadata = Samples.Metadata },
        new CascadeReplyOverdue { TenantId = Tenant, Suspension = 3, Action = CascadeAction.Suspend, Attempt = 1, SyncMetadata = Samples.Metadata },
    ];
}
