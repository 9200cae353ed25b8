using System.Diagnostics.Metrics;

namespace PhantomSync.Kafka.Consuming;

/// <summary>What an endpoint counts, each with the tag <c>messaging.consumer.group.name</c>.</summary>
internal sealed class EndpointMetrics(string group)
{
    private static readonly Meter Meter = new("PhantomSync.Kafka");
    private static readonly Counter<long> DeliveredCount = Meter.CreateCounter<long>("phantomsync.consumer.delivered", "{record}", "Records read from Kafka.");
    private static readonly Counter<long> HandledCount = Meter.CreateCounter<long>("phantomsync.consumer.handled", "{message}", "Messages handled and committed.");
    private static readonly Counter<long> DuplicateCount = Meter.CreateCounter<long>("phantomsync.consumer.duplicates", "{message}", "Messages dropped because they had been handled before.");
    private static readonly Counter<long> SkippedCount = Meter.CreateCounter<long>("phantomsync.consumer.skipped", "{record}", "Records of kinds this endpoint does not handle.");
    private static readonly Counter<long> DeadLetterCount = Meter.CreateCounter<long>("phantomsync.consumer.dead_letters", "{record}", "Records put into the dead letters.");
    private static readonly Counter<long> ParkedCount = Meter.CreateCounter<long>("phantomsync.consumer.parked", "{message}", "Messages set aside behind a dead letter of their key.");
    private static readonly Counter<long> DiscardedCount = Meter.CreateCounter<long>("phantomsync.consumer.discarded", "{message}", "Messages that count as handled though nothing was done, by a rule of the service.");
    private static readonly Counter<long> RetryCount = Meter.CreateCounter<long>("phantomsync.consumer.retries", "{batch}", "Batches tried again.");
    private static readonly Histogram<double> BatchSeconds = Meter.CreateHistogram<double>("phantomsync.consumer.batch.duration", "s", "Time from the start of a batch's transaction to its commit.");
    private static readonly Histogram<long> BatchSize = Meter.CreateHistogram<long>("phantomsync.consumer.batch.size", "{message}", "Messages in a batch.");

    private readonly KeyValuePair<string, object?> _group = new("messaging.consumer.group.name", group);

    public void Delivered(int count) => DeliveredCount.Add(count, _group);

    public void Handled(int count, int duplicates, int parked, int discarded, double seconds)
    {
        HandledCount.Add(count, _group);
        if (duplicates > 0)
            DuplicateCount.Add(duplicates, _group);
        if (parked > 0)
            ParkedCount.Add(parked, _group);
        if (discarded > 0)
            DiscardedCount.Add(discarded, _group);
        BatchSize.Record(count + duplicates + parked + discarded, _group);
        BatchSeconds.Record(seconds, _group);
    }

    public void Skipped(int count) => SkippedCount.Add(count, _group);

    public void DeadLettered() => DeadLetterCount.Add(1, _group);

    public void Retried() => RetryCount.Add(1, _group);
}
