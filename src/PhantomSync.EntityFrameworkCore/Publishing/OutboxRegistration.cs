namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>One context with an outbox.</summary>
/// <param name="ContextType">The context.</param>
/// <param name="ServiceName">The service that owns it; <c>source_service</c> of its events.</param>
/// <param name="ServiceVersion">Its release; <c>source_version</c> of its events.</param>
/// <param name="IsBusOutbox">Whether it takes what is published outside of consumers.</param>
/// <param name="MaxRecordBytes">The largest body that may be published.</param>
internal sealed record OutboxRegistration(Type ContextType, string ServiceName, string ServiceVersion, bool IsBusOutbox, int MaxRecordBytes);
