using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Scheduling;

/// <summary>
/// Schedules messages as rows of the outbox: they are written with everything else that the message being handled changes, and
/// the relay sends them when they are due.
/// </summary>
internal sealed class OutboxScheduler(ConsumeContext consumeContext, string service, TimeProvider time) : IScheduleMessageProvider
{
    public async Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var due = Due(scheduledTime);
        var send = new MessageSendContext<T>(message, cancellationToken) { MessageId = null };
        if (pipe.IsNotEmpty())
            await pipe.Send(send);
        var token = send.ScheduledMessageId ??= ScheduleTokenIdCache<T>.GetTokenId(message, Guid.CreateVersion7(time.GetUtcNow()));
        var cause = consumeContext.TryGetPayload<ReceivedMessage>(out var received) ? received.Envelope : null;
        Services.GetRequiredService<ScopedOutbox>().Schedule(message, service, cause, send, due, token);
        return new ScheduledMessageHandle<T>(token, due.UtcDateTime, destinationAddress, message);
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
    {
        Services.GetRequiredService<SagaUnit>().Cancel(Services.GetRequiredService<ScopedOutbox>().Context, tokenId);
        return Task.CompletedTask;
    }

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) => CancelScheduledSend(tokenId, cancellationToken);

    private IServiceProvider Services => consumeContext.GetPayload<IServiceScope>().ServiceProvider;

    /// <summary>
    /// MassTransit adds delays to the system's clock. What it added is taken off again and added to the clock that the process
    /// goes by: the same, unless a test has its own.
    /// </summary>
    private DateTimeOffset Due(DateTime scheduledTime)
    {
        var scheduled = new DateTimeOffset(scheduledTime.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(scheduledTime, DateTimeKind.Utc) : scheduledTime);
        return ReferenceEquals(time, TimeProvider.System) ? scheduled : time.GetUtcNow() + (scheduled - TimeProvider.System.GetUtcNow());
    }
}
