using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts.Catalogue;

/// <summary>
/// What holds for the values of one event: strings whose wire name ends in <c>_id</c>, and those
/// that make up keys, are ids; doubles are finite; both tenants are the same.
/// </summary>
internal sealed class EventRules
{
    private static readonly string[] NamesOfIds = ["resource_type", "service_name"];

    private readonly (string Field, Func<object, object?> Get)[] _ids;
    private readonly (string Field, Func<object, object?> Get)[] _floats;

    public EventRules(JsonTypeInfo type)
    {
        _ids = Fields(type, p => p.PropertyType == typeof(string)
            && (p.Name.EndsWith("_id", StringComparison.Ordinal) || NamesOfIds.Contains(p.Name)));
        _floats = Fields(type, p => p.PropertyType == typeof(double));
        HasFreeJson = type.Properties.Any(p => p.PropertyType == typeof(JsonElement) || p.PropertyType == typeof(IReadOnlyDictionary<string, JsonElement>));
    }

    /// <summary>Whether an event holds JSON that the caller made, which may be deeper or odder than a record may be.</summary>
    public bool HasFreeJson { get; }

    /// <summary>What is wrong with the values of an event, or null; its metadata may still be empty.</summary>
    public WireFormatException? Check(ISyncEvent e)
    {
        foreach (var (field, get) in _ids)
        {
            if (Identifier.Check((string?)get(e), field) is { } fault)
                return fault;
        }
        foreach (var (field, get) in _floats)
        {
            if (get(e) is double value && !double.IsFinite(value))
                return new WireFormatException(WireFormatError.NonFinite, field, "a finite number", NonFiniteText.Of(value));
        }
        return e.SyncMetadata?.TenantId is { Length: > 0 } tenant && tenant != e.TenantId
            ? new WireFormatException(
                WireFormatError.TenantMismatch, "data.sync_metadata.tenant_id", $"the tenant of the event, \"{e.TenantId}\"", FoundValue.Text(tenant))
            : null;
    }

    /// <summary>What is wrong with the metadata of an event that travels, or null.</summary>
    public static WireFormatException? CheckMetadata(SyncMetadata metadata)
    {
        if (metadata.EventId == Guid.Empty)
            return new WireFormatException(WireFormatError.InvalidUuid, "data.sync_metadata.event_id", "a UUID other than the nil UUID", "the nil UUID");
        return Identifier.Check(metadata.TenantId, "data.sync_metadata.tenant_id")
            ?? Identifier.Check(metadata.IdempotencyKey, "data.sync_metadata.idempotency_key")
            ?? Identifier.Check(metadata.SourceService, "data.sync_metadata.source_service");
    }

    /// <summary>What is wrong with a strategy, or null. Checked where an event is published; one that arrives has travelled already.</summary>
    public static WireFormatException? CheckStrategy(SyncStrategy? strategy) => strategy switch
    {
        SyncStrategy.BatchDelayed { BatchSize: < SyncStrategy.SmallestBatch or > SyncStrategy.LargestBatch } batch =>
            Limit("BatchDelayed.batch_size", SyncStrategy.SmallestBatch, SyncStrategy.LargestBatch, batch.BatchSize),
        SyncStrategy.BatchDelayed { DelayMs: < SyncStrategy.ShortestDelayMs or > SyncStrategy.LongestDelayMs } batch =>
            Limit("BatchDelayed.delay_ms", SyncStrategy.ShortestDelayMs, SyncStrategy.LongestDelayMs, batch.DelayMs),
        SyncStrategy.EventualConsistency { MaxDelayMs: < SyncStrategy.ShortestDelayMs or > SyncStrategy.LongestDelayMs } eventual =>
            Limit("EventualConsistency.max_delay_ms", SyncStrategy.ShortestDelayMs, SyncStrategy.LongestDelayMs, eventual.MaxDelayMs),
        _ => null,
    };

    private static WireFormatException Limit(string field, ulong min, ulong max, ulong found) =>
        new(WireFormatError.LimitExceeded, "data.sync_metadata.sync_strategy." + field, $"a number from {min} to {max}", $"the number {found}");

    private static (string, Func<object, object?>)[] Fields(JsonTypeInfo type, Func<JsonPropertyInfo, bool> which) =>
        [.. type.Properties.Where(p => p.Get is not null && which(p)).Select(p => ("data." + p.Name, p.Get!))];
}
