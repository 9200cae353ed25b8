namespace PhantomSync.Kafka.Consuming;

/// <summary>The transaction around a micro-batch. Disposing it without a commit rolls everything back.</summary>
public interface IInboxTransaction : IAsyncDisposable
{
    /// <summary>Takes the messages in and says of each, in their order, what to do with it.</summary>
    Task<IReadOnlyList<InboxVerdict>> AcceptAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken);

    /// <summary>Makes ready what the handlers of these messages need; called with the new ones, before the first handler.</summary>
    Task PrepareAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Saves what the handlers changed and published, and commits it with the inbox.</summary>
    Task CommitAsync(CancellationToken cancellationToken);
}
