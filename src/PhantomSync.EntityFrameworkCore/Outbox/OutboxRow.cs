using System.Text;
using Confluent.Kafka;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>A queued event as the relay reads it.</summary>
/// <param name="Position">Its place in the queue.</param>
/// <param name="Id">The message's id.</param>
/// <param name="Lane">The lane of its key.</param>
/// <param name="KeyHash">The hash of its topic and key.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Key">The partition key in UTF-8; null for none.</param>
/// <param name="Body">The record's value.</param>
/// <param name="Headers">The record's headers; null for none. They may share headers with other rows.</param>
/// <param name="Bytes">What it takes on the wire, about.</param>
internal readonly record struct OutboxRow(
    long Position, Guid Id, short Lane, long KeyHash, string Topic, byte[]? Key, byte[] Body, Headers? Headers, int Bytes)
{
    /// <summary>A header's value as text; null where there is none of that name.</summary>
    public string? Header(string name) =>
        Headers is not null && Headers.TryGetLastBytes(name, out var value) ? Encoding.UTF8.GetString(value) : null;
}
