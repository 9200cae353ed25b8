using PhantomSync.Contracts;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Wire;

/// <summary>
/// Fills in what a publisher left open of an event's metadata, and keeps what it gave: a caller that publishes again with the
/// same idempotency key is deduplicated.
/// </summary>
internal static class Completion
{
    public static ISyncEvent Of(ISyncEvent given, in WriteContext context)
    {
        var metadata = given.SyncMetadata;
        var now = context.Time.GetUtcNow();
        var eventId = metadata.EventId != Guid.Empty ? metadata.EventId : Guid.CreateVersion7(now);
        var source = metadata.SourceService.Length > 0 ? metadata.SourceService : context.Service;
        return given.WithMetadata(metadata with
        {
            EventId = eventId,
            SourceService = source,
            SourceVersion = metadata.SourceVersion.Length > 0 ? metadata.SourceVersion : context.ServiceVersion,
            OccurredAt = metadata.OccurredAt == default ? Timestamp.From(now) : metadata.OccurredAt,
            CorrelationId = metadata.CorrelationId ?? context.Cause?.CorrelationId ?? context.Cause?.MessageId,
            CausationId = metadata.CausationId ?? context.Cause?.MessageId,
            TenantId = metadata.TenantId.Length > 0 ? metadata.TenantId : given.TenantId,
            IdempotencyKey = metadata.IdempotencyKey.Length > 0 ? metadata.IdempotencyKey : $"{source}:{eventId}",
        });
    }
}
