namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// Remembers what a consumer has handled, in the same transaction as the handling. One inbox serves one endpoint, from
/// several partitions at once.
/// </summary>
public interface IInbox
{
    /// <summary>Opens the transaction in which a micro-batch is handled, on what <paramref name="scope"/> gives its handlers.</summary>
    Task<IInboxTransaction> BeginAsync(IServiceProvider scope, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a message away that cannot be handled; when this returns it is safe there. Later messages of its partition key
    /// are parked behind it if the letter says so.
    /// </summary>
    Task DeadLetterAsync(DeadLetter letter, CancellationToken cancellationToken);
}
