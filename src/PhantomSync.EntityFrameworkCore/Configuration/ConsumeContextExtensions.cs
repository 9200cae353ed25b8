using MassTransit;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>What a consumer can know of the record that it handles.</summary>
public static class ConsumeContextExtensions
{
    /// <summary>
    /// The partition that the message or micro-batch was read from; 0 where it did not come from a topic. One worker at a time
    /// handles a partition, so rows that carry its number are fought over by nobody.
    /// </summary>
    public static int Partition(this ConsumeContext context) =>
        context.TryGetPayload<ReceivedMessage>(out var received) ? received.Record.Partition : 0;
}
