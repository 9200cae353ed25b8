using Confluent.Kafka;

namespace PhantomSync.Kafka.Producing;

/// <summary>A record on its way to a topic, already serialised.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Key">The partition key in UTF-8; null spreads the record over all partitions.</param>
/// <param name="Body">The record's value.</param>
/// <param name="Headers">The record's headers; null for none.</param>
public readonly record struct OutgoingRecord(string Topic, byte[]? Key, byte[] Body, Headers? Headers);
