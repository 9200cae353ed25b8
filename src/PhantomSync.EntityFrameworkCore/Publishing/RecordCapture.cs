using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>Takes in records that somebody else has written: they leave byte for byte as they came.</summary>
internal sealed class RecordCapture(EventCatalogue catalogue, OutboxDirectory directory, TimeProvider time)
{
    /// <exception cref="WireFormatException">The bytes are no record that may be published.</exception>
    public ISyncEvent Read(DbContext context, byte[] record)
    {
        var limit = directory.Of(context.GetType()).MaxRecordBytes;
        if (record.Length > limit)
            throw RecordSize.Exceeded(limit, record.Length);
        var read = catalogue.Read(record);
        if (catalogue.Validate(read) is { } problem)
            throw problem;
        return read;
    }

    /// <summary>Adds the record of an event that <see cref="Read"/> has read.</summary>
    public ISyncEvent Add(DbContext context, byte[] record, ISyncEvent read)
    {
        var descriptor = catalogue.Describe(read);
        var outgoing = new OutgoingMessage(
            new WireMessage(descriptor.EventType, descriptor.ClrType, descriptor.Topic),
            read,
            SyncEventWireFormat.EnvelopeOf(read.SyncMetadata),
            descriptor.KeyOf(read),
            record);
        var now = time.GetUtcNow();
        var row = OutboxMessage.Create(
            OutboxId.Next(now),
            descriptor.Topic,
            outgoing.Key,
            record,
            HeaderCodec.Encode(RecordHeaders.Of(outgoing, null)),
            descriptor.EventType,
            Holds.Of(read, null, now),
            now);
        PendingMessages.Of(context).Add(context, row);
        return read;
    }
}
