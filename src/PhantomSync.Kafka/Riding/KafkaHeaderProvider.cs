using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using MassTransit.Transports;

namespace PhantomSync.Kafka.Riding;

/// <summary>Shows a record's headers to MassTransit as text.</summary>
internal sealed class KafkaHeaderProvider(Confluent.Kafka.Headers? headers) : IHeaderProvider
{
    public IEnumerable<KeyValuePair<string, object>> GetAll()
    {
        foreach (var header in headers ?? [])
        {
            if (header.GetValueBytes() is { } bytes)
                yield return new KeyValuePair<string, object>(header.Key, Encoding.UTF8.GetString(bytes));
        }
    }

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
    {
        value = headers is not null && headers.TryGetLastBytes(key, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;
        return value is not null;
    }
}
