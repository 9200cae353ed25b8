using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.Registry.Models;

namespace PhantomSync.Registry.Versions;

/// <summary>A completed training becomes the model's next version, once per job, and the others are told.</summary>
public sealed class RecordModelVersion(RegistryDbContext registry, TimeProvider time) : IConsumer<TrainingJobCompleted>
{
    public async Task Consume(ConsumeContext<TrainingJobCompleted> context)
    {
        var job = context.Message;
        if (await JobHasVersionAsync(job, context.CancellationToken))
            return;

        var model = await registry.FindOrAddModelAsync(job.TenantId, job.ModelId, context.CancellationToken);
        var previous = model.LatestVersion++;
        var now = time.GetUtcNow();
        var version = new ModelVersion
        {
            TenantId = job.TenantId,
            ModelId = job.ModelId,
            Number = model.LatestVersion,
            JobId = job.JobId,
            ArtifactsLocation = job.ArtifactsLocation,
            Metrics = MetricsJson.Of(job.FinalMetrics),
            TrainingDurationMs = job.TrainingDurationMs,
            CreatedAt = now,
            AnnouncedBy = Guid.CreateVersion7(now),
            Stage = StageRules.First(model.OwnStatus),
        };
        registry.Versions.Add(version);
        registry.StageHistory.Add(version.Step(1, null, version.Stage, RegistryModule.ServiceName, $"training job {job.JobId}", now));
        if (model.IsDeleted)
            await registry.RecordAsync(Late(job, version), context.CancellationToken);
        await context.Publish(Announcement(version, previous), context.CancellationToken);
    }

    /// <summary>The same job can be reported again under another idempotency key.</summary>
    private async Task<bool> JobHasVersionAsync(TrainingJobCompleted job, CancellationToken cancellationToken) =>
        registry.Versions.Local.Any(version => version.TenantId == job.TenantId && version.JobId == job.JobId)
        || await registry.Versions.AnyAsync(version => version.TenantId == job.TenantId && version.JobId == job.JobId, cancellationToken);

    private static ModelIrregularity Late(TrainingJobCompleted job, ModelVersion version) => new()
    {
        TenantId = job.TenantId,
        EventId = job.SyncMetadata.EventId,
        ModelId = job.ModelId,
        Kind = IrregularityKind.TrainedAfterDeletion,
        EventType = nameof(TrainingJobCompleted),
        Source = job.SyncMetadata.SourceService,
        Found = "deleted",
        Said = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["job_id"] = job.JobId, ["version"] = version.Label }),
        OccurredAt = job.SyncMetadata.OccurredAt.ToDateTimeOffset(),
    };

    private static ModelUpdated Announcement(ModelVersion version, int previous) => new()
    {
        ModelId = version.ModelId,
        TenantId = version.TenantId,
        PreviousVersion = ModelVersion.LabelOf(previous),
        NewVersion = version.Label,
        Changes = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["training_job_id"] = JsonSerializer.SerializeToElement(version.JobId),
            ["artifacts_location"] = JsonSerializer.SerializeToElement(version.ArtifactsLocation),
        },
        UpdatedBy = RegistryModule.ServiceName,
        SyncMetadata = SyncMetadata.Unset with
        {
            EventId = version.AnnouncedBy,
            IdempotencyKey = $"model-version/{version.JobId}",
        },
    };
}
