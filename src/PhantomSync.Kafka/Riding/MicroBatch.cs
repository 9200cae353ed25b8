using System.Collections;
using MassTransit;

namespace PhantomSync.Kafka.Riding;

/// <summary>The messages of a micro-batch, as a bulk consumer sees them.</summary>
internal sealed class MicroBatch<T>(ConsumeContext<T>[] messages, DateTime received) : Batch<T>
    where T : class
{
    /// <summary>Always <see cref="BatchCompletionMode.Forced"/>: a micro-batch is what was there, and waits for no size and no time.</summary>
    public BatchCompletionMode Mode => BatchCompletionMode.Forced;

    public DateTime FirstMessageReceived => received;

    public DateTime LastMessageReceived => received;

    public int Length => messages.Length;

    public ConsumeContext<T> this[int index] => messages[index];

    public IEnumerator<ConsumeContext<T>> GetEnumerator() => ((IEnumerable<ConsumeContext<T>>)messages).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => messages.GetEnumerator();
}
