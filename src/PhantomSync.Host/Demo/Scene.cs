using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Host.Demo;

/// <summary>One writer's share of the platform: its tenants, and what happens to them next. The same seed tells the same story.</summary>
internal sealed class Scene
{
    private static readonly string[] Algorithms = ["gradient-boosting", "transformer", "random-forest", "cnn"];
    private static readonly string[] Tiers = ["free", "team", "enterprise"];

    private readonly Random _random;
    private readonly List<Tenant> _tenants;
    private readonly List<Model> _models;
    private readonly Queue<TrainingJob> _running;
    private readonly Dictionary<string, int> _jobCount = new(StringComparer.Ordinal);
    private readonly int _world;
    private readonly int _writer;
    private readonly string _run;
    private long _counter;

    public Scene(int world, int writer, int seed, string run, IEnumerable<Tenant> tenants, IEnumerable<Model> models, IEnumerable<TrainingJob> running)
    {
        _world = world;
        _writer = writer;
        _run = run;
        _random = new Random(HashCode(seed, writer));
        _tenants = [.. tenants];
        _models = [.. models];
        _running = new Queue<TrainingJob>(running);
    }

    /// <summary>The next thing that a service does: changes of its data, and one event.</summary>
    public ISyncEvent Next(PlatformDbContext platform)
    {
        if (_tenants.Count < 3)
            return CreateTenant(platform);
        if (_models.Count < 8)
            return CreateModel(platform);
        return _random.Next(100) switch
        {
            < 45 => Infer(platform),
            < 50 => InferBatch(),
            < 62 => StartTraining(platform),
            < 74 => _running.Count > 0 ? EndTraining(platform) : StartTraining(platform),
            < 80 => UpdateModel(platform),
            < 81 => _models.Count > 24 ? DeleteModel(platform) : CreateModel(platform),
            < 83 => CreateModel(platform),
            < 86 => StartAgent(),
            < 89 => CompleteAgent(),
            < 93 => ReportAudit(),
            < 97 => ReportPerformance(),
            < 99 => UpdateTenant(platform),
            _ => SuspendTenant(platform),
        };
    }

    private static int HashCode(int seed, int writer) => unchecked((seed * 486_187_739) + writer);

    private string NewId(string kind) => $"{kind}-{_run}-{_world}-{_writer}-{++_counter}";

    private T Any<T>(List<T> all) => all[_random.Next(all.Count)];

    private string AnyUser() => $"user-{_random.Next(1, 30)}";

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);

    private TenantCreated CreateTenant(PlatformDbContext platform)
    {
        var tenant = new Tenant { TenantId = NewId("tenant"), World = _world, Tier = Tiers[_random.Next(Tiers.Length)], Status = "active" };
        platform.Tenants.Add(tenant);
        _tenants.Add(tenant);
        return new TenantCreated
        {
            TenantId = tenant.TenantId,
            TenantName = $"Tenant {_counter} of writer {_writer}",
            SubscriptionTier = tenant.Tier,
            ResourceQuotas = new ResourceQuotas { MaxModels = Quota.Of(100), MaxConcurrentJobs = Quota.Of(10) },
            CreatedBy = AnyUser(),
        };
    }

    private TenantUpdated UpdateTenant(PlatformDbContext platform)
    {
        var tenant = Any(_tenants);
        platform.Tenants.Attach(tenant);
        tenant.Tier = Tiers[_random.Next(Tiers.Length)];
        tenant.Status = "active";
        return new TenantUpdated
        {
            TenantId = tenant.TenantId,
            Changes = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["subscription_tier"] = Json(tenant.Tier), ["status"] = Json(tenant.Status) },
            UpdatedBy = AnyUser(),
        };
    }

    private TenantSuspended SuspendTenant(PlatformDbContext platform)
    {
        var tenant = Any(_tenants);
        platform.Tenants.Attach(tenant);
        tenant.Status = "suspended";
        return new TenantSuspended { TenantId = tenant.TenantId, SuspensionReason = "payment overdue", SuspendedBy = "billing" };
    }

    private ModelCreated CreateModel(PlatformDbContext platform)
    {
        var model = new Model { TenantId = Any(_tenants).TenantId, ModelId = NewId("model"), Name = $"Model {_counter}" };
        platform.Models.Add(model);
        _models.Add(model);
        return new ModelCreated
        {
            ModelId = model.ModelId,
            TenantId = model.TenantId,
            Name = model.Name,
            ModelType = "classifier",
            Algorithm = Algorithms[_random.Next(Algorithms.Length)],
            CreatedBy = AnyUser(),
        };
    }

    private ModelUpdated UpdateModel(PlatformDbContext platform)
    {
        var model = Any(_models);
        platform.Models.Attach(model);
        model.Revision++;
        model.Name = $"{model.ModelId} (revision {model.Revision})";
        return new ModelUpdated
        {
            ModelId = model.ModelId,
            TenantId = model.TenantId,
            PreviousVersion = $"r{model.Revision - 1}",
            NewVersion = $"r{model.Revision}",
            Changes = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["name"] = Json(model.Name) },
            UpdatedBy = AnyUser(),
        };
    }

    private ModelDeleted DeleteModel(PlatformDbContext platform)
    {
        var model = Any(_models);
        _models.Remove(model);
        platform.Models.Remove(model);
        return new ModelDeleted { ModelId = model.ModelId, TenantId = model.TenantId, DeletionReason = "superseded", DeletedBy = AnyUser() };
    }

    private TrainingJobStarted StartTraining(PlatformDbContext platform)
    {
        var model = Any(_models);
        var job = new TrainingJob { TenantId = model.TenantId, JobId = NewId("job"), ModelId = model.ModelId, Status = "running" };
        platform.Jobs.Add(job);
        _running.Enqueue(job);
        return new TrainingJobStarted
        {
            JobId = job.JobId,
            ModelId = job.ModelId,
            TenantId = job.TenantId,
            TrainingConfig = Json(new Dictionary<string, object>(StringComparer.Ordinal) { ["epochs"] = _random.Next(1, 50), ["learning_rate"] = 0.001 * _random.Next(1, 100) }),
            ResourceAllocation = new ResourceAllocation { CpuCores = 8, MemoryBytes = 64UL << 30, GpuType = "A100", GpuCount = (uint)_random.Next(1, 5) },
            StartedBy = AnyUser(),
        };
    }

    private ISyncEvent EndTraining(PlatformDbContext platform)
    {
        var job = _running.Dequeue();
        platform.Jobs.Attach(job);
        if (_random.Next(8) == 0)
        {
            job.Status = "failed";
            return new TrainingJobFailed
            {
                JobId = job.JobId,
                ModelId = job.ModelId,
                TenantId = job.TenantId,
                FailureReason = "loss diverged",
                ErrorDetails = Json(new Dictionary<string, string>(StringComparer.Ordinal) { ["code"] = "DIVERGED" }),
            };
        }

        job.Status = "completed";
        _jobCount[job.ModelId] = _jobCount.GetValueOrDefault(job.ModelId) + 1;
        return new TrainingJobCompleted
        {
            JobId = job.JobId,
            ModelId = job.ModelId,
            TenantId = job.TenantId,
            FinalMetrics = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["accuracy"] = Math.Round(_random.NextDouble(), 4),
                ["loss"] = _random.Next(50) == 0 ? double.NaN : Math.Round(_random.NextDouble() * 2, 4),
            },
            ArtifactsLocation = $"s3://artifacts/{job.TenantId}/{job.JobId}",
            TrainingDurationMs = (ulong)_random.Next(60_000, 7_200_000),
        };
    }

    private InferenceCompleted Infer(PlatformDbContext platform)
    {
        var model = Any(_models);
        platform.Models.Attach(model);
        model.Inferences++;
        return new InferenceCompleted
        {
            InferenceId = NewId("inference"),
            ModelId = model.ModelId,
            Version = $"v{_jobCount.GetValueOrDefault(model.ModelId)}",
            TenantId = model.TenantId,
            InputFeatures = Json(new Dictionary<string, double>(StringComparer.Ordinal) { ["age"] = _random.Next(18, 90), ["income"] = _random.Next(10_000, 200_000) }),
            Prediction = Json(_random.Next(2) == 0 ? "approve" : "decline"),
            Confidence = Math.Round(_random.NextDouble(), 4),
            InferenceTimeMs = (ulong)_random.Next(1, 80),
            RequestedBy = AnyUser(),
            SyncMetadata = SyncMetadata.Unset with { SyncStrategy = Strategy() },
        };
    }

    private SyncStrategy Strategy() => _random.Next(20) switch
    {
        0 => new SyncStrategy.BatchDelayed(50, 200),
        1 => new SyncStrategy.EventualConsistency(500),
        _ => SyncStrategy.Default,
    };

    private BatchInferenceCompleted InferBatch()
    {
        var model = Any(_models);
        var batch = NewId("batch");
        return new BatchInferenceCompleted
        {
            BatchId = batch,
            ModelId = model.ModelId,
            Version = $"v{_jobCount.GetValueOrDefault(model.ModelId)}",
            TenantId = model.TenantId,
            TotalPredictions = (ulong)_random.Next(1, 100_000),
            AverageConfidence = Math.Round(_random.NextDouble(), 4),
            TotalTimeMs = (ulong)_random.Next(100, 60_000),
            ResultsLocation = $"s3://results/{batch}",
        };
    }

    private AgentExecutionStarted StartAgent() => new()
    {
        ExecutionId = NewId("execution"),
        AgentId = $"agent-{_random.Next(1, 10)}",
        TenantId = Any(_tenants).TenantId,
        Context = Json(new Dictionary<string, string>(StringComparer.Ordinal) { ["goal"] = "retrain if drift" }),
        StartedBy = AnyUser(),
    };

    private AgentExecutionCompleted CompleteAgent() => new()
    {
        ExecutionId = NewId("execution"),
        AgentId = $"agent-{_random.Next(1, 10)}",
        TenantId = Any(_tenants).TenantId,
        Result = Json(new Dictionary<string, bool>(StringComparer.Ordinal) { ["retrained"] = _random.Next(2) == 0 }),
        ExecutionTimeMs = (ulong)_random.Next(100, 60_000),
    };

    private AuditLogCreated ReportAudit() => new()
    {
        LogId = NewId("log"),
        TenantId = Any(_tenants).TenantId,
        UserId = AnyUser(),
        Action = "LOGIN",
        ResourceType = "CONSOLE",
        ResourceId = $"console-{_random.Next(1, 5)}",
        Result = "Success",
        Timestamp = Timestamp.From(TimeProvider.System.GetUtcNow()),
    };

    private PerformanceMetricsUpdated ReportPerformance() => new()
    {
        TenantId = Any(_tenants).TenantId,
        ServiceName = $"service-{_random.Next(1, 6)}",
        Metrics = new Dictionary<string, double>(StringComparer.Ordinal) { ["cpu"] = Math.Round(_random.NextDouble(), 3), ["requests_per_second"] = _random.Next(1, 5_000) },
        Timestamp = Timestamp.From(TimeProvider.System.GetUtcNow()),
    };
}
