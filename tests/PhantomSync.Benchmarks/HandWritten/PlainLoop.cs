using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using PhantomSync.Benchmarks.Servers;
using PhantomSync.Benchmarks.Workloads;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>Takes what is there up to a limit, whatever its partition, hands it to the store, then stores the offsets.</summary>
internal sealed class PlainLoop(Stage stage, int batchRows)
{
    /// <summary>When the first batch was begun.</summary>
    public long Began { get; private set; }

    /// <summary>Of this process, at the same moment.</summary>
    public Cost CostAtBegin { get; private set; }

    /// <returns>The time after the last batch.</returns>
    public async Task<long> RunAsync(int events, Func<List<PlainFact.Inference>, Task> store, CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(Clients.Consumer(stage)).Build();
        consumer.Subscribe(stage.Topic);
        var batch = new List<ConsumeResult<byte[], byte[]>>(batchRows);
        for (var handled = 0; handled < events; handled += batch.Count)
        {
            Collect(consumer, batch, cancellationToken);
            if (batch.Count == 0)
                continue;
            if (Began == 0)
                (Began, CostAtBegin) = (Stopwatch.GetTimestamp(), Measure.CostNow());
            await store(batch.ConvertAll(result => JsonSerializer.Deserialize(result.Message.Value, PlainFactJson.Default.PlainFact)!.Data));
            foreach (var result in batch.GroupBy(result => result.Partition.Value).Select(partition => partition.Last()))
                consumer.StoreOffset(result);
        }

        var ended = Stopwatch.GetTimestamp();
        consumer.Close();
        return ended;
    }

    private void Collect(IConsumer<byte[], byte[]> consumer, List<ConsumeResult<byte[], byte[]>> batch, CancellationToken cancellationToken)
    {
        batch.Clear();
        cancellationToken.ThrowIfCancellationRequested();
        var next = consumer.Consume(TimeSpan.FromMilliseconds(100));
        while (next is not null)
        {
            batch.Add(next);
            next = batch.Count < batchRows ? consumer.Consume(TimeSpan.Zero) : null;
        }
    }
}
