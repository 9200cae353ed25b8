using System.Text.Json.Serialization;

namespace PhantomSync.Contracts;

/// <summary>Who said an event, when, and in which context.</summary>
public sealed record SyncMetadata
{
    /// <summary>Nothing filled in yet: what an event carries before it is published.</summary>
    public static SyncMetadata Unset { get; } = new()
    {
        EventId = Guid.Empty,
        SourceService = "",
        SourceVersion = "",
        OccurredAt = default,
        TenantId = "",
        IdempotencyKey = "",
        RetryCount = 0,
        SyncStrategy = SyncStrategy.Default,
    };

    /// <summary>The identity of the event; it stays the same however often the event is sent.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The service that published the event.</summary>
    public required string SourceService { get; init; }

    /// <summary>The version of that service.</summary>
    public required string SourceVersion { get; init; }

    /// <summary>When it happened, by the clock of the source.</summary>
    public required Timestamp OccurredAt { get; init; }

    /// <summary>The conversation the event belongs to, if any.</summary>
    public Guid? CorrelationId { get; init; }

    /// <summary>The event that caused this one, if any.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>The tenant; always the same as the tenant of the event.</summary>
    public required string TenantId { get; init; }

    /// <summary>Two events of a tenant with the same key are the same event.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>How often the source tried before.</summary>
    public required uint RetryCount { get; init; }

    /// <summary>How soon the event has to travel.</summary>
    public required SyncStrategy SyncStrategy { get; init; }

    /// <summary>
    /// What the source had seen of the resource when it changed it; null where it does not keep count, and then not written.
    /// Two changes of which neither has seen the other are concurrent.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VectorClock? VectorClock { get; init; }
}
