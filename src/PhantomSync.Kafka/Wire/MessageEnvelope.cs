namespace PhantomSync.Kafka.Wire;

/// <summary>What identifies a message and ties it to others.</summary>
/// <param name="MessageId">The event id.</param>
/// <param name="TenantId">The tenant it belongs to; empty where the format knows no tenants.</param>
/// <param name="IdempotencyKey">Two records of a tenant with the same key are the same event.</param>
/// <param name="CorrelationId">The conversation, where there is one.</param>
/// <param name="CausationId">The event that led to this one, where there is one.</param>
/// <param name="OccurredAt">When the fact happened, by its producer's clock.</param>
public sealed record MessageEnvelope(
    Guid MessageId,
    string TenantId,
    string IdempotencyKey,
    Guid? CorrelationId,
    Guid? CausationId,
    DateTimeOffset OccurredAt);
