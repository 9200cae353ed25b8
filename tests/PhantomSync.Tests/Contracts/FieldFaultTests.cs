using System.Text.Json;
using System.Text.Json.Nodes;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Contracts;

/// <summary>Every field of every event, one fault at a time.</summary>
[Trait("row", "S1.11")]
public sealed class FieldFaultTests
{
    private static readonly string[] Optional =
        ["non_finite_metrics", "sync_metadata.correlation_id", "sync_metadata.causation_id"];

    /// <summary>Strings that follow a rule: not every string will do.</summary>
    private static readonly string[] Strict = ["event_id", "correlation_id", "occurred_at", "timestamp", "sync_strategy"];

    private static readonly string[] AnyJson = ["training_config", "error_details", "input_features", "prediction", "context", "result"];

    public static TheoryData<string, string> Fields() =>
        [.. Samples.All.Select(e => e.GetType().Name).SelectMany(type => Paths(type).Select(path => (type, path)))];

    public static TheoryData<string, string> RequiredFields() => [.. Fields().Where(f => !Optional.Contains(f.Data.Item2)).Select(f => f.Data)];

    [Theory, MemberData(nameof(RequiredFields))]
    public void A_missing_field_is_named(string eventType, string path)
    {
        var record = Record.Of(eventType);
        var (parent, name) = Find(record, path);
        parent.Remove(name);
        var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Record.Utf8(record)));
        fault.Code.ShouldBe(WireFormatError.MissingField);
        fault.Field.ShouldBe("data." + path);
        fault.EventType.ShouldBe(eventType);
        fault.Message.ShouldStartWith($"data.{path}: expected ");
        fault.Message.ShouldEndWith(", found nothing");
    }

    [Theory, MemberData(nameof(Fields))]
    public void A_value_of_the_wrong_kind_is_named(string eventType, string path)
    {
        if (IsAnyJson(eventType, path))
            return;
        foreach (var wrong in new[] { "true", "[]", "{}", "7", "\"x\"", "-1", "1.5", "null" })
        {
            var record = Record.Of(eventType);
            var (parent, name) = Find(record, path);
            if (Fits(path, wrong, parent[name]))
                continue;
            parent[name] = JsonNode.Parse(wrong);
            var fault = Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(Record.Utf8(record)), $"{path} = {wrong}");
            fault.Field.ShouldStartWith("data." + path);
            fault.Code.ShouldBeOneOf(
                WireFormatError.WrongType, WireFormatError.NumberOutOfRange, WireFormatError.InvalidUuid, WireFormatError.InvalidTimestamp,
                WireFormatError.UnknownVariant, WireFormatError.MissingField);
        }
    }

    [Theory]
    [InlineData("TrainingJobCompleted", "training_duration_ms", "\"abc\"", "data.training_duration_ms: expected an unsigned 64-bit integer, found the string \"abc\"")]
    [InlineData("TrainingJobCompleted", "training_duration_ms", "18446744073709551616", "data.training_duration_ms: expected an unsigned 64-bit integer, found the number 18446744073709551616")]
    [InlineData("TrainingJobCompleted", "training_duration_ms", "1.0", "data.training_duration_ms: expected an unsigned 64-bit integer, found the number 1.0")]
    [InlineData("TrainingJobCompleted", "final_metrics", "{\"loss\":\"NaN\"}", "data.final_metrics.loss: expected a number or null, found the string \"NaN\"")]
    [InlineData("TrainingJobCompleted", "non_finite_metrics", "{\"loss\":\"nan\"}", "data.non_finite_metrics.loss: expected \"NaN\", \"Infinity\" or \"-Infinity\", found the string \"nan\"")]
    [InlineData("InferenceCompleted", "confidence", "null", "data.confidence: expected a finite number, found null")]
    [InlineData("InferenceCompleted", "confidence", "1e400", "data.confidence: expected a number that a double can hold, found the number 1e400")]
    [InlineData("TenantSuspended", "suspended_by", "null", "data.suspended_by: expected a string, found null")]
    [InlineData("TenantSuspended", "sync_metadata", "[]", "data.sync_metadata: expected an object, found an array")]
    [InlineData("TenantSuspended", "sync_metadata.event_id", "\"1\"", "data.sync_metadata.event_id: expected a UUID, found the string \"1\"")]
    [InlineData("TenantSuspended", "sync_metadata.retry_count", "4294967296", "data.sync_metadata.retry_count: expected an unsigned 32-bit integer, found the number 4294967296")]
    [InlineData("TrainingJobStarted", "resource_allocation.cpu_cores", "-1", "data.resource_allocation.cpu_cores: expected a finite number that is not negative, found the number -1")]
    [InlineData("TenantCreated", "resource_quotas.max_models", "\"none\"", "data.resource_quotas.max_models: expected an unsigned 64-bit integer or \"unlimited\", found the string \"none\"")]
    [InlineData("TenantCreated", "resource_quotas.max_models", "-1", "data.resource_quotas.max_models: expected an unsigned 64-bit integer or \"unlimited\", found the number -1")]
    public void The_text_says_where_and_what(string eventType, string path, string value, string message)
    {
        var record = Record.Of(eventType);
        var (parent, name) = Find(record, path);
        parent[name] = "@";
        var bytes = Record.Utf8(record.ToJsonString().Replace($"\"{name}\":\"@\"", $"\"{name}\":{value}", StringComparison.Ordinal));
        Should.Throw<WireFormatException>(() => EventCatalogue.Platform.Read(bytes)).Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("sync_metadata.correlation_id")]
    [InlineData("sync_metadata.causation_id")]
    [Trait("row", "S1.03")]
    public void An_optional_field_may_be_missing_or_null(string path)
    {
        foreach (var remove in new[] { true, false })
        {
            var record = Record.Of("TenantSuspended");
            var (parent, name) = Find(record, path);
            if (remove)
                parent.Remove(name);
            else
                parent[name] = null;
            var metadata = EventCatalogue.Platform.Read(Record.Utf8(record)).SyncMetadata;
            (path.EndsWith("correlation_id", StringComparison.Ordinal) ? metadata.CorrelationId : metadata.CausationId).ShouldBeNull();
        }
    }

    [Fact]
    [Trait("row", "S17.01")]
    [Trait("row", "S17.02")]
    public void Resources_of_a_producer_that_knows_no_field_are_read()
    {
        foreach (var (type, field) in new[] { ("TrainingJobStarted", "resource_allocation"), ("TenantCreated", "resource_quotas") })
        {
            var record = Record.Of(type);
            record["data"]![field] = new JsonObject { ["vendor_field"] = 3 };
            EventCatalogue.Platform.Read(Record.Utf8(record)).ShouldNotBeNull();
        }
    }

    private static IEnumerable<string> Paths(string eventType)
    {
        var data = Record.Of(eventType)["data"]!.AsObject();
        return data.Select(p => p.Key).Concat(data["sync_metadata"]!.AsObject().Select(p => "sync_metadata." + p.Key));
    }

    private static (JsonObject Parent, string Name) Find(JsonNode record, string path)
    {
        var steps = path.Split('.');
        var parent = record["data"]!;
        foreach (var step in steps[..^1])
            parent = parent[step]!;
        return (parent.AsObject(), steps[^1]);
    }

    /// <summary>The audit entry's result is text; the agent's is any JSON.</summary>
    private static bool IsAnyJson(string eventType, string path) => AnyJson.Contains(path) && eventType != "AuditLogCreated";

    /// <summary>Whether the value is one the field may hold.</summary>
    private static bool Fits(string path, string value, JsonNode? sample) => value switch
    {
        "null" => Optional.Contains(path),
        "7" => sample?.GetValueKind() == JsonValueKind.Number,
        "-1" or "1.5" => path is "confidence" or "average_confidence",
        "{}" => sample?.GetValueKind() == JsonValueKind.Object && path != "sync_metadata",
        "\"x\"" => sample?.GetValueKind() == JsonValueKind.String && !Strict.Any(end => path.EndsWith(end, StringComparison.Ordinal)),
        _ => false,
    };
}
