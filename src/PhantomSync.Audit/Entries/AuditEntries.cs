using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.EntityFrameworkCore.Inbox;

namespace PhantomSync.Audit.Entries;

/// <summary>
/// What each event is in the audit trail. Personal data that the platform only passes through (features, predictions, an agent's
/// context and result, the text of an error) never gets here.
/// </summary>
public static class AuditEntries
{
    private const string Model = "ML_MODEL", Job = "TRAINING_JOB", Agent = "AGENT_EXECUTION", Service = "SERVICE", Tenant = "TENANT";

    /// <summary>The kind of resource of events that are not the platform's own and have no line here; its id is their partition key.</summary>
    public const string OtherEvent = "EVENT";

    /// <param name="catalogue">What knows the event's name on the wire.</param>
    public static AuditEntry Of(ISyncEvent occurred, EventCatalogue catalogue)
    {
        var descriptor = catalogue.Describe(occurred);
        return Of(occurred, descriptor) with { EventType = descriptor.EventType };
    }

    private static AuditEntry Of(ISyncEvent occurred, EventDescriptor descriptor) => occurred switch
    {
        ModelCreated e => Entry(e, "CREATE_MODEL", Model, e.ModelId, e.CreatedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("model_name", e.Name).Add("model_type", e.ModelType).Add("algorithm", e.Algorithm))),
        ModelUpdated e => Entry(e, "UPDATE_MODEL", Model, e.ModelId, e.UpdatedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("previous_version", e.PreviousVersion).Add("new_version", e.NewVersion).AddValues("changes", e.Changes))),
        ModelDeleted e => Entry(e, "DELETE_MODEL", Model, e.ModelId, e.DeletedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("reason", e.DeletionReason))),
        TrainingJobStarted e => Entry(e, "START_TRAINING", Job, e.JobId, e.StartedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("model_id", e.ModelId).Add("resources", e.ResourceAllocation))),
        TrainingJobCompleted e => Entry(e, "COMPLETE_TRAINING", Job, e.JobId, SystemOf(e), AuditDetails.Of(e, static (d, e) => d
            .Add("model_id", e.ModelId).Add("duration_ms", e.TrainingDurationMs).AddNumbers("metrics", e.FinalMetrics).Add("artifacts_location", e.ArtifactsLocation))),
        TrainingJobFailed e => Entry(e, "FAIL_TRAINING", Job, e.JobId, SystemOf(e), AuditDetails.Of(e, static (d, e) => WithErrorCode(d
            .Add("model_id", e.ModelId).Add("reason", e.FailureReason), e.ErrorDetails)), AuditResult.Failure),
        InferenceCompleted e => Entry(e, "INFERENCE", Model, VersionOf(e.ModelId, e.Version), e.RequestedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("inference_id", e.InferenceId).Add("confidence", e.Confidence))),
        BatchInferenceCompleted e => Entry(e, "BATCH_INFERENCE", Model, VersionOf(e.ModelId, e.Version), SystemOf(e), AuditDetails.Of(e, static (d, e) => d
            .Add("batch_id", e.BatchId).Add("total_predictions", e.TotalPredictions).Add("average_confidence", e.AverageConfidence)
            .Add("total_time_ms", e.TotalTimeMs).Add("results_location", e.ResultsLocation))),
        AgentExecutionStarted e => Entry(e, "START_AGENT_EXECUTION", Agent, e.ExecutionId, e.StartedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("agent_id", e.AgentId))),
        AgentExecutionCompleted e => Entry(e, "COMPLETE_AGENT_EXECUTION", Agent, e.ExecutionId, SystemOf(e), AuditDetails.Of(e, static (d, e) => d
            .Add("agent_id", e.AgentId).Add("duration_ms", e.ExecutionTimeMs)), SaysFailure(e.Result) ? AuditResult.Failure : AuditResult.Success),
        AuditLogCreated e => Reported(e),
        PerformanceMetricsUpdated e => Entry(e, "UPDATE_PERFORMANCE_METRICS", Service, e.ServiceName, SystemOf(e), AuditDetails.Of(e, static (d, e) => d
            .AddNames("metrics", e.Metrics.Keys))),
        TenantCreated e => Entry(e, "CREATE_TENANT", Tenant, e.TenantId, e.CreatedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("tenant_name", e.TenantName).Add("subscription_tier", e.SubscriptionTier).Add("resource_quotas", e.ResourceQuotas))),
        TenantUpdated e => Entry(e, "UPDATE_TENANT", Tenant, e.TenantId, e.UpdatedBy, AuditDetails.Of(e, static (d, e) => d
            .AddNames("changed_fields", e.Changes.Keys))),
        TenantSuspended e => Entry(e, "SUSPEND_TENANT", Tenant, e.TenantId, e.SuspendedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("reason", e.SuspensionReason))),
        ConflictDetected e => Entry(e, "DETECT_CONFLICT", e.ResourceType, e.ResourceId, SystemOf(e), AuditDetails.Of(e, static (d, e) => d
            .Add("conflict_id", e.ConflictId.ToString()).AddNames("fields", e.Fields).AddNames("changes", e.Changes.Select(change => change.ChangeId)).Add("strategy", e.Strategy))),
        ConflictResolved e => Entry(e, "RESOLVE_CONFLICT", e.ResourceType, e.ResourceId, e.ResolvedBy, AuditDetails.Of(e, static (d, e) => d
            .Add("conflict_id", e.ConflictId.ToString()).AddNames("fields", e.Resolution.Keys).Add("strategy", e.Strategy)
            .Add("winning_change", e.WinningChange ?? "none").Add("reason", e.Reason))),
        _ => Entry(occurred, descriptor.EventType, OtherEvent, descriptor.KeyOf(occurred), SystemOf(occurred), "{}"),
    };

    private static AuditEntry Entry(
        ISyncEvent e, string action, string resourceType, string resourceId, string userId, string details, string result = AuditResult.Success) => new()
        {
            Id = e.SyncMetadata.EventId,
            TenantId = e.TenantId,
            EventId = e.SyncMetadata.EventId,
            EventType = "",
            Timestamp = e.SyncMetadata.OccurredAt.ToMicroseconds(),
            UserId = userId,
            Action = action,
            ResourceType = resourceType,
            ResourceId = resourceId,
            Result = result,
            Details = details,
            SourceService = e.SyncMetadata.SourceService,
            CorrelationId = e.SyncMetadata.CorrelationId,
            CausationId = e.SyncMetadata.CausationId,
            InboxKey = InboxKeyOf(e),
        };

    /// <summary>Kept as given. It is this service's own kind of entry and gives no further event.</summary>
    private static AuditEntry Reported(AuditLogCreated e) =>
        Entry(e, e.Action, e.ResourceType, e.ResourceId, e.UserId, AuditDetails.Of(e, static (d, e) => WithGiven(d.Add("log_id", e.LogId), e.Details)), e.Result) with
        {
            Id = IdOf(e.TenantId, e.LogId),
            Timestamp = e.Timestamp.ToMicroseconds(),
        };

    /// <summary>A log id is unique within its tenant, whatever event it comes in. The first 16 bytes of a hash: nobody can aim it at another entry.</summary>
    private static Guid IdOf(string tenantId, string logId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"audit-log\n{tenantId.Length}\n{tenantId}\n{logId}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private static void WithGiven(AuditDetails details, IReadOnlyDictionary<string, JsonElement>? given)
    {
        if (given is { Count: > 0 })
            details.AddValues("details", given);
    }

    /// <summary>Null for most: their idempotency key is their source and their id.</summary>
    private static Guid? InboxKeyOf(ISyncEvent e)
    {
        var (key, source) = (e.SyncMetadata.IdempotencyKey, e.SyncMetadata.SourceService);
        Span<char> id = stackalloc char[36];
        e.SyncMetadata.EventId.TryFormat(id, out _);
        return key.Length == source.Length + 1 + id.Length && key.StartsWith(source, StringComparison.Ordinal) && key[source.Length] == ':' && key.AsSpan(source.Length + 1).SequenceEqual(id)
            ? null
            : InboxKey.Of(e.TenantId, key);
    }

    private static string SystemOf(ISyncEvent e) => "system:" + e.SyncMetadata.SourceService;

    private static string VersionOf(string modelId, string version) => $"{modelId}:{version}";

    /// <summary>Of an error, its code; the rest may quote what a user sent.</summary>
    private static void WithErrorCode(AuditDetails details, JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object || !(error.TryGetProperty("code", out var code) || error.TryGetProperty("error_code", out code)))
            return;
        if (code.ValueKind is JsonValueKind.String or JsonValueKind.Number && code.ToString() is { Length: <= 100 } text)
            details.Add("error_code", text);
    }

    /// <summary>An agent's result says failure with <c>success: false</c>, a <c>status</c> such as <c>failed</c>, or an <c>error</c>.</summary>
    private static bool SaysFailure(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object
        && ((result.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.False)
            || (result.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            || (result.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
                && status.GetString()!.ToUpperInvariant() is "FAILED" or "FAILURE" or "ERROR" or "TIMEOUT" or "CANCELLED"));
}
