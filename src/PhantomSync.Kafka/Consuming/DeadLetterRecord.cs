using System.Text;
using Confluent.Kafka;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Kafka.Consuming;

/// <summary>A dead letter as a record: the original key, value and headers, and headers that say what happened.</summary>
public static class DeadLetterRecord
{
    /// <summary>The topic for what no consumer could handle.</summary>
    public const string Topic = "phantom.dead-letters";

    // An exception's text can be of any length; the letter itself has all of it.
    private const int LongestText = 1_000;

    public static OutgoingRecord Of(DeadLetter letter)
    {
        var headers = new Headers();
        foreach (var header in letter.Record.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        Add(headers, "dead_letter_group", letter.Group);
        Add(headers, "dead_letter_reason", letter.Reason);
        Add(headers, "dead_letter_topic", letter.Record.Topic);
        Add(headers, "dead_letter_partition", letter.Record.Partition.ToString());
        Add(headers, "dead_letter_offset", letter.Record.Offset.ToString());
        Add(headers, "dead_letter_attempts", letter.Attempts.ToString());
        return new OutgoingRecord(Topic, letter.Record.Key, letter.Record.Body ?? [], headers);
    }

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value.Length <= LongestText ? value : value[..LongestText]));
}
