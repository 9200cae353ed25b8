using Confluent.Kafka;

namespace PhantomSync.Kafka.Connecting;

/// <summary>Which of librdkafka's settings belong to producers only, or to consumers only, by its own documentation.</summary>
internal static class SettingScope
{
    private static readonly string[] ProducerOnly =
    [
        "acks", "request.required.acks", "request.timeout.ms", "message.timeout.ms", "delivery.timeout.ms", "partitioner", "compression", "linger.ms", "batch.",
        "queue.buffering.", "enable.idempotence", "enable.gapless", "transaction", "message.send.max.retries", "retries", "sticky.partitioning", "queuing.strategy", "dotnet.producer.",
    ];

    private static readonly string[] ConsumerOnly =
    [
        "group.", "fetch.", "session.timeout.ms", "heartbeat.interval.ms", "max.poll.interval.ms", "auto.", "enable.auto.", "queued.", "max.partition.fetch.bytes",
        "isolation.level", "offset.store.", "partition.assignment.strategy", "check.crcs", "enable.partition.eof", "coordinator.query", "allow.auto.create.topics", "consume.", "dotnet.consumer.", "dotnet.cancellation.",
    ];

    /// <summary>Settings without which nobody hears of a record's fate, or with which a record counts as handled before it is.</summary>
    public static readonly string[] Fixed =
        ["delivery.report.only.error", "dotnet.producer.enable.delivery.reports", "dotnet.producer.delivery.report.fields", "enable.auto.commit", "enable.auto.offset.store"];

    public static bool Fits<T>(string setting)
        where T : ClientConfig =>
        (typeof(T) == typeof(ProducerConfig) || !Starts(ProducerOnly, setting)) && (typeof(T) == typeof(ConsumerConfig) || !Starts(ConsumerOnly, setting));

    private static bool Starts(string[] prefixes, string setting) => Array.Exists(prefixes, prefix => setting.StartsWith(prefix, StringComparison.Ordinal));
}
