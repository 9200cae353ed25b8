using System.Text;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>What the inbox keeps of messages and of letters.</summary>
internal static class InboxEntries
{
    public static InboxEntry Of(ReceivedMessage message) => new(
        InboxKey.Of(message.Envelope.TenantId, message.Envelope.IdempotencyKey),
        (long)(message.Content.ContentHash ?? ContentHash.Of(message.Record.Body)),
        PartitionKeyHash(message.Record));

    /// <summary>
    /// A letter that blocks nothing stands beside the message that has its idempotency key, if there is one: its entry is made of
    /// the record itself.
    /// </summary>
    public static InboxEntry Of(DeadLetter letter) => letter is { Envelope: { } envelope, BlocksKey: true }
        ? new InboxEntry(InboxKey.Of(envelope.TenantId, envelope.IdempotencyKey), (long)ContentHash.Of(letter.Record.Body), PartitionKeyHash(letter.Record))
        : new InboxEntry(
            InboxKey.Of(Encoding.UTF8.GetBytes(letter.Record.Topic), letter.Record.Key, letter.Record.Body),
            0,
            letter.BlocksKey ? PartitionKeyHash(letter.Record) : 0);

    public static long PartitionKeyHash(IncomingRecord record) =>
        record.Key is null ? 0 : StableHash.Of(record.Topic, Encoding.UTF8.GetString(record.Key));
}
