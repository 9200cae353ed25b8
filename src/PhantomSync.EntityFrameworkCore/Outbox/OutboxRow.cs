namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>A queued event as the relay reads it.</summary>
internal readonly record struct OutboxRow(
    long Position, Guid Id, short Lane, long KeyHash, string Topic, byte[]? Key, byte[] Body, byte[] Headers, string EventType)
{
    /// <summary>What it takes on the wire, about.</summary>
    public int Bytes => Body.Length + Headers.Length + (Key?.Length ?? 0);
}
