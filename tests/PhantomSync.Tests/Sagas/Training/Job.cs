using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Tests.Sagas.Training;

/// <summary>A training job driven by the rules alone, and its events in few words. The trainer's clock is a number of minutes.</summary>
internal sealed class Job
{
    public static readonly TimeSpan QuietLimit = TimeSpan.FromHours(1);

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public TrainingLifecycleState State { get; } = new();

    public DateTimeOffset Now { get; set; } = Noon;

    /// <summary>What it told others.</summary>
    public List<TrainingStatus> Told { get; } = [];

    /// <summary>Every arrow it has gone along.</summary>
    public List<(TrainingStatus From, Type Event, TrainingStatus To)> Steps { get; } = [];

    public TrainingStatus Status => State.Status;

    public TrainingStatus Hear(ISyncEvent e)
    {
        var before = State.Status;
        var next = TrainingRules.Decide(State, e, Now, QuietLimit);
        State.CurrentState = next.ToString();
        Steps.Add((before, e.GetType(), next));
        if (next != before && next is (TrainingStatus.Stalled or TrainingStatus.Cancelled))
            Told.Add(next);
        return next;
    }

    public static TrainingJobStarted Started(int at, string by = "alice", string model = "churn", string job = "j1", string tenant = "acme") => At(at, new TrainingJobStarted
    {
        TenantId = tenant,
        JobId = job,
        ModelId = model,
        StartedBy = by,
        TrainingConfig = JsonSerializer.SerializeToElement(1),
        ResourceAllocation = new ResourceAllocation { GpuCount = 2 },
    });

    public static TrainingJobProgressed Progressed(int at, string job = "j1") => At(at, new TrainingJobProgressed { TenantId = "acme", JobId = job, ModelId = "churn", Progress = 0.5 });

    public static TrainingJobCompleted Completed(int at, string job = "j1", string tenant = "acme", string model = "churn") => At(at, new TrainingJobCompleted
    {
        TenantId = tenant,
        JobId = job,
        ModelId = model,
        FinalMetrics = new Dictionary<string, double> { ["accuracy"] = 0.9, ["loss"] = double.NaN },
        ArtifactsLocation = $"s3://{job}",
        TrainingDurationMs = 1,
    });

    public static TrainingJobFailed Failed(int at, string reason = "out of memory", string job = "j1", string tenant = "acme") => At(at, new TrainingJobFailed
    {
        TenantId = tenant,
        JobId = job,
        ModelId = "churn",
        FailureReason = reason,
        ErrorDetails = JsonSerializer.SerializeToElement(new { code = 137 }),
    });

    public static CancelTrainingJob Cancel(int at, uint? attempt = null, string job = "j1") =>
        At(at, new CancelTrainingJob { TenantId = "acme", JobId = job, ModelId = "churn", Attempt = attempt, Cause = CancellationCause.ModelDeleted, Reason = "model deleted", RequestedBy = "bob" });

    public static PauseTrainingJob Pause(int at, uint suspension = 1) =>
        At(at, new PauseTrainingJob { TenantId = "acme", JobId = "j1", ModelId = "churn", Suspension = suspension, Reason = "tenant suspended: unpaid", RequestedBy = "billing" });

    public static ResumeTrainingJob Resume(int at, uint suspension = 1) =>
        At(at, new ResumeTrainingJob { TenantId = "acme", JobId = "j1", ModelId = "churn", Suspension = suspension, RequestedBy = "sagas" });

    public static TrainingNewsOverdue Overdue(string job = "j1") => new() { TenantId = "acme", JobId = job, ModelId = "churn" };

    /// <summary>What the registry says of the version that a job made.</summary>
    public static ModelUpdated Registered(int at, string job = "j1", string version = "v1", string source = "model-registry")
    {
        var e = At(at, new ModelUpdated
        {
            TenantId = "acme",
            ModelId = "churn",
            PreviousVersion = "v0",
            NewVersion = version,
            Changes = new Dictionary<string, JsonElement> { ["training_job_id"] = JsonSerializer.SerializeToElement(job) },
            UpdatedBy = source,
        });
        return e with { SyncMetadata = e.SyncMetadata with { SourceService = source } };
    }

    public static TenantCreated Tenant(ulong maxJobs, string tenant = "acme", string tier = "pro") => At(0, new TenantCreated
    {
        TenantId = tenant,
        TenantName = tenant,
        SubscriptionTier = tier,
        ResourceQuotas = new ResourceQuotas { MaxConcurrentJobs = maxJobs },
        CreatedBy = "alice",
    });

    /// <summary>Another limit of jobs, as JSON.</summary>
    public static TenantUpdated Quota(string limit) => At(0, new TenantUpdated
    {
        TenantId = "acme",
        Changes = new Dictionary<string, JsonElement> { ["resource_quotas"] = JsonElement.Parse($"{{\"max_concurrent_jobs\":{limit}}}") },
        UpdatedBy = "alice",
    });

    private static T At<T>(int minutes, T e)
        where T : ISyncEvent
    {
        var id = Guid.CreateVersion7();
        return (T)e.WithMetadata(SyncMetadata.Unset with
        {
            EventId = id,
            SourceService = "trainer",
            SourceVersion = "1",
            TenantId = e.TenantId,
            IdempotencyKey = $"trainer:{id}",
            OccurredAt = Timestamp.From(Noon + TimeSpan.FromMinutes(minutes)),
        });
    }
}
