using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>Adds what the library itself has to say to a context's outbox.</summary>
internal static class OutboxRows
{
    public static void Add(DbContext context, object message, MessageEnvelope? cause, OutboxRegistration outbox, IWireFormat format, TimeProvider time)
    {
        var outgoing = format.Write(message, new WriteContext(cause, outbox.ServiceName, outbox.ServiceVersion, time));
        var now = time.GetUtcNow();
        var row = OutboxMessage.Create(
            OutboxId.Next(now),
            outgoing.Type.Topic,
            outgoing.Key,
            outgoing.Body,
            HeaderCodec.Encode(RecordHeaders.Of(outgoing, null)),
            outgoing.Type.Name,
            SyncHold.None,
            now);
        PendingMessages.Of(context).Add(context, row);
    }
}
