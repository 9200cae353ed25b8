using System.Buffers;
using System.Text.Json;
using MassTransit.Serialization;
using PhantomSync.Kafka.Wire;
using MessageEnvelope = PhantomSync.Kafka.Wire.MessageEnvelope;

namespace PhantomSync.EntityFrameworkCore.Scheduling;

/// <summary>
/// The record of a message that a service has scheduled for itself: <c>{"event_type":"orders:PaymentTimeout","data":{…}}</c>. Its
/// message is written as MassTransit would, so that whatever can be scheduled there can be scheduled here.
/// </summary>
internal static class ScheduledRecord
{
    public static byte[] Write(WireMessage type, MessageEnvelope envelope, object message)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("event_type", type.Name);
        json.WriteStartObject("data");
        json.WriteString("event_id", envelope.MessageId);
        json.WriteString("tenant_id", envelope.TenantId);
        json.WriteString("idempotency_key", envelope.IdempotencyKey);
        if (envelope.CorrelationId is { } correlation)
            json.WriteString("correlation_id", correlation);
        if (envelope.CausationId is { } causation)
            json.WriteString("causation_id", causation);
        json.WriteString("occurred_at", envelope.OccurredAt);
        json.WritePropertyName("message");
        JsonSerializer.Serialize(json, message, type.MessageType, SystemTextJsonMessageSerializer.Options);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="UnreadableRecordException">The bytes are not such a record.</exception>
    public static IncomingMessage Read(WireMessage type, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var data = document.RootElement.GetProperty("data");
            var envelope = new MessageEnvelope(
                data.GetProperty("event_id").GetGuid(),
                data.GetProperty("tenant_id").GetString() ?? "",
                data.GetProperty("idempotency_key").GetString() ?? "",
                Optional("correlation_id"),
                Optional("causation_id"),
                data.GetProperty("occurred_at").GetDateTimeOffset());
            var message = data.GetProperty("message").Deserialize(type.MessageType, SystemTextJsonMessageSerializer.Options)
                ?? throw new UnreadableRecordException($"{type.Name}: data.message is null; an object was expected.");
            return new IncomingMessage(type, message, envelope);

            Guid? Optional(string name) => data.TryGetProperty(name, out var value) ? value.GetGuid() : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or NotSupportedException)
        {
            throw new UnreadableRecordException($"{type.Name}: the record of a scheduled message cannot be read: {exception.Message}", exception);
        }
    }
}
