using System.Text;
using Confluent.Kafka;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Benchmarks.Servers;

/// <summary>Fills a topic with the records that our relay would have put there.</summary>
internal static class TopicLoad
{
    /// <returns>The average size of a record's value.</returns>
    public static double Fill(Stage stage, int events, Func<int, ISyncEvent>? number = null)
    {
        number ??= Events.Number;
        var format = new SyncEventWireFormat(stage.Catalogue);
        using var producer = new ProducerBuilder<byte[], byte[]>(HandWritten.Clients.Producer(stage)).Build();
        long bytes = 0;
        string? failure = null;
        for (var i = 0; i < events; i++)
        {
            var message = format.Write(number(i), new WriteContext(null, "benchmark", "1.0.0", TimeProvider.System));
            bytes += message.Body.Length;
            producer.Produce(
                stage.Topic,
                new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(message.Key!), Value = message.Body, Headers = WireHeaders.Of(message) },
                report => failure = report.Error.IsError ? report.Error.Reason : failure);
        }

        producer.Flush(TimeSpan.FromSeconds(60));
        if (failure is not null || stage.RecordsInTopic() != events)
            throw new InvalidOperationException($"The topic holds {stage.RecordsInTopic()} records instead of {events}: {failure}");
        return (double)bytes / events;
    }
}
