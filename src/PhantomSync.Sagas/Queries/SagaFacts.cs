using System.Globalization;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Sagas.Queries;

/// <summary>What an instance tracks, for people and programs.</summary>
internal static class SagaFacts
{
    public static SagaSummary Summary(TrainingLifecycleState job) => new(
        SagaQueries.Training,
        job.CorrelationId,
        job.TenantId,
        job.JobId,
        job.CurrentState,
        new[] { job.StartedAt, job.CompletedAt, job.FailedAt, job.CancelledAt, job.StalledAt, job.PausedAt, job.VersionRegisteredAt, job.LastNewsAt }.Max(),
        job.Status switch
        {
            TrainingStatus.VersionRegistered => $"model {job.ModelId}, version {job.ResultVersion}",
            TrainingStatus.Failed => $"model {job.ModelId}: {job.FailureReason}",
            TrainingStatus.Cancelled => $"model {job.ModelId}: {job.CancellationReason}",
            TrainingStatus.Paused => $"model {job.ModelId}: {job.PauseReason}",
            TrainingStatus.Stalled => $"model {job.ModelId}, last news {Text(job.LastNewsAt)}",
            _ => $"model {job.ModelId}",
        });

    public static SagaSummary Summary(TenantSuspensionState tenant) => new(
        SagaQueries.Suspension,
        tenant.CorrelationId,
        tenant.TenantId,
        tenant.TenantId,
        tenant.CurrentState,
        new[] { tenant.SuspendedAt, tenant.ResumedAt, tenant.CompletedAt }.Max(),
        tenant.Missing.Length == 0 ? $"suspension {tenant.Suspension}"
            : $"suspension {tenant.Suspension}, no answer yet: {tenant.Missing.Replace(",", ", ", StringComparison.Ordinal)}{(tenant.Overdue.Length > 0 ? " (overdue)" : "")}");

    public static List<KeyValuePair<string, string>> Of(TrainingLifecycleState job) => Known(
        ("tenant", job.TenantId),
        ("job", job.JobId),
        ("model", job.ModelId),
        ("attempts", job.Attempts.ToString(CultureInfo.InvariantCulture)),
        ("started_by", job.StartedBy),
        ("resources", job.Resources),
        ("started_at", Text(job.StartedAt)),
        ("last_news_at", Text(job.LastNewsAt)),
        ("stalled_at", Text(job.StalledAt)),
        ("paused_at", Text(job.PausedAt)),
        ("pause_reason", job.PauseReason),
        ("completed_at", Text(job.CompletedAt)),
        ("metrics", job.Metrics),
        ("artifacts", job.ArtifactsLocation),
        ("version_registered_at", Text(job.VersionRegisteredAt)),
        ("version", job.ResultVersion),
        ("failed_at", Text(job.FailedAt)),
        ("failure_reason", job.FailureReason),
        ("failure_details", job.FailureDetails),
        ("cancelled_at", Text(job.CancelledAt)),
        ("cancellation_cause", job.CancellationCause),
        ("cancellation_reason", job.CancellationReason),
        ("cancelled_by", job.CancelledBy));

    public static List<KeyValuePair<string, string>> Of(TenantSuspensionState tenant) =>
    [
        .. Known(
            ("tenant", tenant.TenantId),
            ("suspension", tenant.Suspension.ToString(CultureInfo.InvariantCulture)),
            ("reason", tenant.Reason),
            ("suspended_by", tenant.SuspendedBy),
            ("suspended_at", Text(tenant.SuspendedAt)),
            ("tier", tenant.Tier),
            ("training_policy", tenant.TrainingPolicy),
            ("resumed_by", tenant.ResumedBy),
            ("resumed_at", Text(tenant.ResumedAt)),
            ("completed_at", Text(tenant.CompletedAt)),
            ("missing", tenant.Missing),
            ("overdue", tenant.Overdue),
            ("asked", tenant.Asked.ToString(CultureInfo.InvariantCulture))),
        .. CascadeRules.AnswersOf(tenant).Select(answer => KeyValuePair.Create($"answer of {answer.Key}", $"{answer.Value.Outcome}, {answer.Value.Affected} affected {answer.Value.Details}")),
    ];

    private static List<KeyValuePair<string, string>> Known(params (string Name, string? Value)[] facts) =>
        [.. facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => KeyValuePair.Create(fact.Name, fact.Value!))];

    private static string? Text(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
