using System.Text.Json;
using PhantomSync.Audit.Entries;
using PhantomSync.Contracts;
using PhantomSync.Tests.Contracts;

namespace PhantomSync.Tests.Audit;

public sealed class AuditEntriesTests
{
    public static TheoryData<string, string, string, string, string, string, string> Table { get; } = new()
    {
        { "ModelCreated", "CREATE_MODEL", "ML_MODEL", "model-42", "alice", "Success", "model_name,model_type,algorithm" },
        { "ModelUpdated", "UPDATE_MODEL", "ML_MODEL", "model-42", "bob", "Success", "previous_version,new_version,changes" },
        { "ModelDeleted", "DELETE_MODEL", "ML_MODEL", "model-42", "bob", "Success", "reason" },
        { "TrainingJobStarted", "START_TRAINING", "TRAINING_JOB", "job-7", "alice", "Success", "model_id,resources" },
        { "TrainingJobCompleted", "COMPLETE_TRAINING", "TRAINING_JOB", "job-7", "system:model-service", "Success", "model_id,duration_ms,metrics,artifacts_location" },
        { "TrainingJobFailed", "FAIL_TRAINING", "TRAINING_JOB", "job-7", "system:model-service", "Failure", "model_id,reason,error_code" },
        { "InferenceCompleted", "INFERENCE", "ML_MODEL", "model-42:1.1.0", "app", "Success", "inference_id,confidence" },
        { "BatchInferenceCompleted", "BATCH_INFERENCE", "ML_MODEL", "model-42:1.1.0", "system:model-service", "Success", "batch_id,total_predictions,average_confidence,total_time_ms,results_location" },
        { "AgentExecutionStarted", "START_AGENT_EXECUTION", "AGENT_EXECUTION", "exec-1", "alice", "Success", "agent_id" },
        { "AgentExecutionCompleted", "COMPLETE_AGENT_EXECUTION", "AGENT_EXECUTION", "exec-1", "system:model-service", "Success", "agent_id,duration_ms" },
        { "AuditLogCreated", "login", "session", "s-1", "alice", "success", "log_id" },
        { "PerformanceMetricsUpdated", "UPDATE_PERFORMANCE_METRICS", "SERVICE", "model-service", "system:model-service", "Success", "metrics" },
        { "TenantCreated", "CREATE_TENANT", "TENANT", "tenant-1", "root", "Success", "tenant_name,subscription_tier,resource_quotas" },
        { "TenantUpdated", "UPDATE_TENANT", "TENANT", "tenant-1", "root", "Success", "changed_fields" },
        { "TenantSuspended", "SUSPEND_TENANT", "TENANT", "tenant-1", "root", "Success", "reason" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    [Trait("row", "S15.01"), Trait("row", "S15.02"), Trait("row", "S15.03"), Trait("row", "S15.04"), Trait("row", "S15.05")]
    [Trait("row", "S15.06"), Trait("row", "S15.07"), Trait("row", "S15.08"), Trait("row", "S15.09"), Trait("row", "S15.10")]
    [Trait("row", "S15.11"), Trait("row", "S15.12"), Trait("row", "S15.13"), Trait("row", "S15.14"), Trait("row", "S15.15")]
    [Trait("row", "S2.01"), Trait("row", "S2.02"), Trait("row", "S2.03"), Trait("row", "S2.04"), Trait("row", "S2.05")]
    [Trait("row", "S2.06"), Trait("row", "S2.07"), Trait("row", "S2.08"), Trait("row", "S2.09"), Trait("row", "S2.10")]
    [Trait("row", "S2.11"), Trait("row", "S2.12"), Trait("row", "S2.13"), Trait("row", "S2.14"), Trait("row", "S2.15")]
    public void Each_event_has_its_entry(string eventType, string action, string resourceType, string resourceId, string user, string result, string details)
    {
        var occurred = Sample(eventType);
        var entry = AuditEntries.Of(occurred, EventCatalogue.Platform);

        entry.ShouldSatisfyAllConditions(
            e => e.Action.ShouldBe(action),
            e => e.ResourceType.ShouldBe(resourceType),
            e => e.ResourceId.ShouldBe(resourceId),
            e => e.UserId.ShouldBe(user),
            e => e.Result.ShouldBe(result),
            e => e.EventType.ShouldBe(eventType),
            e => e.TenantId.ShouldBe("tenant-1"),
            e => e.EventId.ShouldBe(Samples.Metadata.EventId),
            e => e.SourceService.ShouldBe("model-service"),
            e => e.CorrelationId.ShouldBe(Samples.Metadata.CorrelationId),
            e => e.CausationId.ShouldBeNull());
        Details(entry).EnumerateObject().Select(member => member.Name).ShouldBe(details.Split(','));
        if (occurred is not AuditLogCreated)
        {
            entry.Id.ShouldBe(Samples.Metadata.EventId);
            entry.Timestamp.ToString().ShouldBe("2026-03-01T12:34:56.789012Z");
        }
    }

    [Fact]
    public void No_event_of_the_platform_is_without_a_line()
    {
        Table.Select(row => row.Data.Item1).ShouldBe(EventCatalogue.Platform.Events.Select(e => e.EventType), ignoreOrder: true);
        Samples.All.Select(e => AuditEntries.Of(e, EventCatalogue.Platform).ResourceType).ShouldNotContain(AuditEntries.OtherEvent);
    }

    [Fact]
    public void An_event_of_a_users_own_is_audited_too()
    {
        var shipped = EventDescriptor.Create("OrderShipped", "shop.orders", e => PartitionKey.Of(e.TenantId, e.OrderId), ShopJson.Default.OrderShipped);
        var order = new OrderShipped
        {
            TenantId = "tenant-1",
            OrderId = "order-1",
            TotalPrice = 1,
            Weights = new Dictionary<string, double>(),
            ShippedAt = Timestamp.MinValue,
            SyncMetadata = Samples.Metadata,
        };
        var entry = AuditEntries.Of(order, EventCatalogue.Platform.With(shipped));
        entry.Action.ShouldBe("OrderShipped");
        entry.ResourceType.ShouldBe(AuditEntries.OtherEvent);
        entry.ResourceId.ShouldBe("tenant-1:order-1");
    }

    [Fact]
    [Trait("row", "S15.07"), Trait("row", "S15.36")]
    public void Nothing_personal_that_only_passes_through_is_audited()
    {
        const string Secret = "s3cr3t-value";
        var json = JsonSerializer.SerializeToElement(new { secret = Secret, status = "failed" });
        ISyncEvent[] events =
        [
            Samples.InferenceCompleted with { InputFeatures = json, Prediction = json },
            Sample<TrainingJobStarted>() with { TrainingConfig = json },
            Sample<TrainingJobFailed>() with { ErrorDetails = json },
            Sample<AgentExecutionStarted>() with { Context = json },
            Sample<AgentExecutionCompleted>() with { Result = json },
            Sample<TenantUpdated>() with { Changes = new Dictionary<string, JsonElement> { ["contact"] = json } },
        ];
        foreach (var occurred in events)
            AuditEntries.Of(occurred, EventCatalogue.Platform).ToString().ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("""{"success":false}""", "Failure")]
    [InlineData("""{"status":"failed"}""", "Failure")]
    [InlineData("""{"error":{"code":1}}""", "Failure")]
    [InlineData("""{"error":null,"status":"ok"}""", "Success")]
    [InlineData("""["failed"]""", "Success")]
    [InlineData("null", "Success")]
    [Trait("row", "S15.10"), Trait("row", "S15.17")]
    public void An_agents_result_may_say_that_it_failed(string result, string audited) =>
        AuditEntries.Of(Sample<AgentExecutionCompleted>() with { Result = Samples.Json(result) }, EventCatalogue.Platform).Result.ShouldBe(audited);

    [Fact]
    [Trait("row", "S15.11"), Trait("row", "S2.11")]
    public void A_reported_entry_keeps_its_own_time_and_is_the_same_in_whatever_event_it_comes()
    {
        var reported = Sample<AuditLogCreated>();
        var again = reported with { SyncMetadata = Samples.Metadata with { EventId = Guid.CreateVersion7() } };
        var entry = AuditEntries.Of(reported, EventCatalogue.Platform);
        entry.Timestamp.ToString().ShouldBe("2026-03-01T00:00:00Z");
        AuditEntries.Of(again, EventCatalogue.Platform).Id.ShouldBe(entry.Id);
        AuditEntries.Of(reported with { LogId = "log-6" }, EventCatalogue.Platform).Id.ShouldNotBe(entry.Id);
    }

    [Fact]
    [Trait("row", "S15.11"), Trait("row", "S15.34")]
    public void A_reported_entry_keeps_the_details_that_it_was_given_beside_its_log_id()
    {
        var reported = Sample<AuditLogCreated>() with { Details = new Dictionary<string, JsonElement> { ["reason"] = Samples.Json("\"it's late\""), ["log_id"] = Samples.Json("{\"a\":[1]}") } };
        var travelled = EventCatalogue.Platform.Read(EventCatalogue.Platform.Write(reported)).ShouldBeOfType<AuditLogCreated>();
        travelled.ShouldBe(reported);
        AuditEntries.Of(travelled, EventCatalogue.Platform).Details.ShouldBe("""{"log_id":"log-5","details":{"log_id":{"a":[1]},"reason":"it's late"}}""");
        AuditEntries.Of(reported with { Details = new Dictionary<string, JsonElement>() }, EventCatalogue.Platform).Details.ShouldBe("""{"log_id":"log-5"}""");
    }

    private static JsonElement Details(AuditEntry entry) => JsonElement.Parse(entry.Details!);

    private static ISyncEvent Sample(string eventType) => Samples.All.Single(e => EventCatalogue.Platform.Describe(e).EventType == eventType);

    private static T Sample<T>()
        where T : ISyncEvent => Samples.All.OfType<T>().Single();
}
