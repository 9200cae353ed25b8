using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Gating;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Scheduling;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>
/// Where a scope's messages go: into the outbox of the context that the scope works with. In a consumer that is the context of
/// its endpoint; elsewhere the one that was registered with <c>UseBusOutbox</c>, unless the scope says otherwise.
/// </summary>
internal sealed class ScopedOutbox(IServiceProvider services, OutboxDirectory directory, TenantGates gates, IWireFormat format, ScheduledTypes scheduled, TimeProvider time) : IScopedEndpointProviders
{
    private Type? _contextType;

    public bool HasOutbox => _contextType is not null || directory.Default is not null;

    public void Use(Type contextType) => _contextType = contextType;

    public IPublishEndpointProvider PublishEndpointProvider(IPublishEndpointProvider fallback, MessageEnvelope? cause) =>
        new CapturePublishEndpointProvider(this, fallback, cause);

    public ISendEndpointProvider SendEndpointProvider(ISendEndpointProvider fallback, MessageEnvelope? cause) =>
        new CaptureSendEndpointProvider(this, fallback, cause);

    public bool HasTopic(Type messageType) => format.TryGet(messageType, out _);

    /// <summary>Whether the message may be published.</summary>
    /// <exception cref="TenantRefusedException">It may not be published for its tenant, which is suspended or deleted.</exception>
    public Task GuardAsync(object message, CancellationToken cancellationToken) =>
        (_contextType ?? directory.Default) is { } contextType && gates.TryGet(contextType, out var gate) && message is ISyncEvent e
            ? GuardAsync(gate, e, cancellationToken)
            : Task.CompletedTask;

    /// <summary>The context that this scope's messages are written with.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public DbContext Context => (DbContext)services.GetRequiredService(
        _contextType ?? directory.Default ?? throw new InvalidOperationException("This scope has no outbox. Call scope.UseOutbox<TDbContext>()."));

    /// <summary>Adds the message to the context; it leaves when it is due, unless its token is cancelled before.</summary>
    /// <exception cref="ArgumentException">The message has no topic, breaks a rule of the wire format, or is too large.</exception>
    public void Schedule<T>(T message, string service, MessageEnvelope? cause, SendContext sendContext, DateTimeOffset due, Guid token)
        where T : class
    {
        var hold = SyncHold.Until(due, token);
        if (HasTopic(message.GetType()))
        {
            Capture(message, cause, sendContext, hold);
            return;
        }

        if (!scheduled.TryGet(service, typeof(T), out var type))
        {
            throw new ArgumentException(
                $"{typeof(T).Name} cannot be scheduled: it has no topic. Add an EventDescriptor of it to the catalogue (services.AddSyncEvents), or let a saga of service '{service}' take it.",
                nameof(message));
        }

        var outbox = directory.Of(Context.GetType());
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var envelope = new MessageEnvelope(id, cause?.TenantId ?? "", $"{outbox.ServiceName}:{id}", cause?.CorrelationId ?? cause?.MessageId, cause?.MessageId, now);
        Add(new OutgoingMessage(type, message, envelope, token.ToString(), ScheduledRecord.Write(type, envelope, message)), outbox, sendContext, hold, now);
    }

    /// <summary>Adds the message to the context. It leaves when that is saved and committed, and not otherwise.</summary>
    /// <exception cref="ArgumentException">The message breaks a rule of the wire format, or is too large.</exception>
    public void Capture(object message, MessageEnvelope? cause, SendContext? sendContext) => Capture(message, cause, sendContext, null);

    private void Capture(object message, MessageEnvelope? cause, SendContext? sendContext, SyncHold? hold)
    {
        var contextType = _contextType ?? directory.Default
            ?? throw new InvalidOperationException(
                $"{message.GetType().Name} was published in a scope without an outbox. Call UseBusOutbox() in AddEntityFrameworkOutbox for the DbContext that publishers use, or scope.UseOutbox<TDbContext>().");
        var outbox = directory.Of(contextType);
        var outgoing = format.Write(Identified(message, sendContext), new WriteContext(cause ?? Cause(), outbox.ServiceName, outbox.ServiceVersion, time));
        var now = time.GetUtcNow();
        Add(outgoing, outbox, sendContext, hold ?? Holds.Of(outgoing.Message, sendContext, now), now);
    }

    private void Add(in OutgoingMessage outgoing, OutboxRegistration outbox, SendContext? sendContext, SyncHold hold, DateTimeOffset now)
    {
        if (outgoing.Body.Length > outbox.MaxRecordBytes)
            throw new ArgumentException($"{outgoing.Type.Name}: {outgoing.Body.Length:N0} bytes are more than the {outbox.MaxRecordBytes:N0} that a record may have. Keep large results elsewhere and publish their location.", nameof(outgoing));

        var context = (DbContext)services.GetRequiredService(outbox.ContextType);
        var row = OutboxMessage.Create(
            OutboxId.Next(now),
            outgoing.Type.Topic,
            outgoing.Key,
            outgoing.Body,
            HeaderCodec.Encode(RecordHeaders.Of(outgoing, sendContext)),
            outgoing.Type.Name,
            hold,
            now);
        PendingMessages.Of(context).Add(context, row);
    }

    private async Task GuardAsync(TenantGate gate, ISyncEvent e, CancellationToken cancellationToken)
    {
        var context = (DbContext)services.GetRequiredService(gate.ContextType);

        // What a consumer says follows from an event that has passed the gate in its own transaction; for a deleted tenant whoever reads it discards it.
        if (!gate.AsksToPublish(e.GetType(), directory: !IsConsuming && TenantGate.HasDirectory(context)))
            return;
        var standings = await gate.StandingsAsync(context, [e.TenantId], cancellationToken);
        if (!standings.TryGetValue(e.TenantId, out var standing) || !gate.Refuses(e.GetType(), standing) || (IsConsuming && standing == Standing.Deleted))
            return;
        format.TryGet(e.GetType(), out var type);
        TenantRefusedException refusal = standing == Standing.Deleted ? new TenantDeletedException(e.TenantId, type!.Name) : new TenantSuspendedException(e.TenantId, type!.Name);
        services.GetRequiredService<RefusalAudit>().Report(gate.ContextType, refusal, e.SyncMetadata.EventId);
        throw refusal;
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

    private bool IsConsuming => services.GetService<IScopedConsumeContextProvider>() is { HasContext: true };

    /// <summary>The message that a consumer in this scope is handling.</summary>
    private MessageEnvelope? Cause()
    {
        var consuming = services.GetService<IScopedConsumeContextProvider>();
        return consuming is { HasContext: true } && consuming.GetContext().TryGetPayload<ReceivedMessage>(out var received) ? received.Envelope : null;
    }
}
