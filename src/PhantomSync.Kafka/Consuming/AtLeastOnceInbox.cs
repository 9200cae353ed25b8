using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// Serves an endpoint that has no store: every message counts as new, and what cannot be handled goes to the dead-letter topic.
/// </summary>
internal sealed class AtLeastOnceInbox(IRecordSender sender) : IInbox
{
    public Task<IInboxTransaction> BeginAsync(IServiceProvider scope, CancellationToken cancellationToken) =>
        Task.FromResult<IInboxTransaction>(Nothing.Instance);

    public async Task DeadLetterAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        var delivery = await sender.SendAsync(DeadLetterRecord.Of(letter)).WaitAsync(cancellationToken);
        if (delivery.Outcome != DeliveryOutcome.Stored)
            throw new TransientFailureException($"The dead letter of {letter.Record} was not stored in topic '{DeadLetterRecord.Topic}': {delivery.Reason}");
    }

    private sealed class Nothing : IInboxTransaction
    {
        public static readonly Nothing Instance = new();

        public Task<IReadOnlyList<InboxVerdict>> AcceptAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<InboxVerdict>>(new InboxVerdict[messages.Count]);

        public Task CommitAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
