using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace PhantomSync.Kafka.Wire;

/// <summary>
/// The headers of a record. They repeat what the value says, so that a consumer can route without parsing it; a record
/// without them is still understood.
/// </summary>
public static class WireHeaders
{
    public const string EventType = "event_type";
    public const string EventId = "event_id";
    public const string IdempotencyKey = "idempotency_key";
    public const string TenantId = "tenant_id";
    public const string ContentType = "content_type";

    /// <summary>W3C Trace Context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>MassTransit's own name for the message id.</summary>
    public const string MessageId = "MessageId";

    /// <summary>MassTransit's own name for the conversation id.</summary>
    public const string ConversationId = "ConversationId";

    /// <summary>MassTransit's own name for the id of the message that led to this one.</summary>
    public const string InitiatorId = "InitiatorId";

    /// <summary>MassTransit's own name for the request that a message makes or answers.</summary>
    public const string RequestId = "RequestId";

    /// <summary>MassTransit's own name for where the answer to a request is awaited.</summary>
    public const string ResponseAddress = "MT-Response-Address";

    /// <summary>MassTransit's own name for what cancels a scheduled message.</summary>
    public const string ScheduleToken = "MT-Scheduling-TokenId";

    public const string JsonContentType = "application/json";

    private static readonly byte[] Json = Encoding.ASCII.GetBytes(JsonContentType);

    /// <summary>The headers of a message about to be sent, with the current activity as its trace parent.</summary>
    public static Headers Of(in OutgoingMessage message)
    {
        var envelope = message.Envelope;
        var id = Encoding.ASCII.GetBytes(envelope.MessageId.ToString());
        var headers = new Headers
        {
            { EventType, Encoding.UTF8.GetBytes(message.Type.Name) },
            { EventId, id },
            { IdempotencyKey, Encoding.UTF8.GetBytes(envelope.IdempotencyKey) },
            { TenantId, Encoding.UTF8.GetBytes(envelope.TenantId) },
            { ContentType, Json },
            { MessageId, id },
        };
        if (envelope.CorrelationId is { } conversation)
            headers.Add(ConversationId, Encoding.ASCII.GetBytes(conversation.ToString()));
        if (envelope.CausationId is { } cause)
            headers.Add(InitiatorId, Encoding.ASCII.GetBytes(cause.ToString()));
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
            headers.Add(TraceParent, Encoding.ASCII.GetBytes(trace));
        return headers;
    }

    /// <summary>The last value of a header as text; null where it is absent, empty or not UTF-8.</summary>
    public static string? Text(Headers? headers, string name)
    {
        if (headers is null || !headers.TryGetLastBytes(name, out var bytes) || bytes is null || bytes.Length == 0)
            return null;
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }
}
