using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>
/// Where a scope's messages go: into the outbox of the context that the scope works with. In a consumer that is the context of
/// its endpoint; elsewhere the one that was registered with <c>UseBusOutbox</c>, unless the scope says otherwise.
/// </summary>
internal sealed class ScopedOutbox(IServiceProvider services, OutboxDirectory directory, IWireFormat format, TimeProvider time) : IScopedEndpointProviders
{
    private Type? _contextType;

    public bool HasOutbox => _contextType is not null || directory.Default is not null;

    public void Use(Type contextType) => _contextType = contextType;

    public IPublishEndpointProvider PublishEndpointProvider(IPublishEndpointProvider fallback, MessageEnvelope? cause) =>
        new CapturePublishEndpointProvider(this, fallback, cause);

    public ISendEndpointProvider SendEndpointProvider(ISendEndpointProvider fallback, MessageEnvelope? cause) =>
        new CaptureSendEndpointProvider(this, fallback, cause);

    public bool HasTopic(Type messageType) => format.TryGet(messageType, out _);

    /// <summary>Adds the message to the context. It leaves when that is saved and committed, and not otherwise.</summary>
    /// <exception cref="ArgumentException">The message breaks a rule of the wire format, or is too large.</exception>
    public void Capture(object message, MessageEnvelope? cause, SendContext? sendContext)
    {
        var contextType = _contextType ?? directory.Default
            ?? throw new InvalidOperationException(
                $"{message.GetType().Name} was published in a scope without an outbox. Call UseBusOutbox() in AddEntityFrameworkOutbox for the DbContext that publishers use, or scope.UseOutbox<TDbContext>().");
        var outbox = directory.Of(contextType);
        var context = (DbContext)services.GetRequiredService(contextType);
        var outgoing = format.Write(Identified(message, sendContext), new WriteContext(cause ?? Cause(), outbox.ServiceName, outbox.ServiceVersion, time));
        if (outgoing.Body.Length > outbox.MaxRecordBytes)
            throw new ArgumentException($"{outgoing.Type.Name}: {outgoing.Body.Length:N0} bytes are more than the {outbox.MaxRecordBytes:N0} that a record may have. Keep large results elsewhere and publish their location.", nameof(message));

        var now = time.GetUtcNow();
        var row = OutboxMessage.Create(
            OutboxId.Next(now),
            outgoing.Type.Topic,
            outgoing.Key,
            outgoing.Body,
            HeaderCodec.Encode(RecordHeaders.Of(outgoing, sendContext)),
            outgoing.Type.Name,
            Holds.Of(outgoing.Message, sendContext, now),
            now);
        context.Add(row);
        PendingMessages.Of(context).Add(row);
    }

    /// <summary>Ids that the publisher gave with <c>publish.MessageId = …</c> instead of in the metadata.</summary>
    private static object Identified(object message, SendContext? sendContext)
    {
        if (sendContext is not { } given || (given.MessageId ?? given.CorrelationId) is null || message is not ISyncEvent { SyncMetadata: var metadata } unidentified)
            return message;
        return unidentified.WithMetadata(metadata with
        {
            EventId = metadata.EventId == Guid.Empty ? given.MessageId ?? Guid.Empty : metadata.EventId,
            CorrelationId = metadata.CorrelationId ?? given.CorrelationId,
        });
    }

    /// <summary>The message that a consumer in this scope is handling.</summary>
    private MessageEnvelope? Cause()
    {
        var consuming = services.GetService<IScopedConsumeContextProvider>();
        return consuming is { HasContext: true } && consuming.GetContext().TryGetPayload<ReceivedMessage>(out var received) ? received.Envelope : null;
    }
}
