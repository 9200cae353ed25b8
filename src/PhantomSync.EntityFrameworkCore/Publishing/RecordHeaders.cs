using System.Diagnostics;
using MassTransit;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>The headers of a captured message: the wire format's own, then what the publisher set.</summary>
internal static class RecordHeaders
{
    public static List<KeyValuePair<string, string>> Of(in OutgoingMessage message, SendContext? sendContext)
    {
        var envelope = message.Envelope;
        var id = envelope.MessageId.ToString();
        var headers = new List<KeyValuePair<string, string>>(9)
        {
            new(WireHeaders.EventType, message.Type.Name),
            new(WireHeaders.EventId, id),
            new(WireHeaders.IdempotencyKey, envelope.IdempotencyKey),
            new(WireHeaders.TenantId, envelope.TenantId),
            new(WireHeaders.ContentType, WireHeaders.JsonContentType),
            new(WireHeaders.MessageId, id),
        };
        if (envelope.CorrelationId is { } conversation)
            headers.Add(new(WireHeaders.ConversationId, conversation.ToString()));
        if (envelope.CausationId is { } cause)
            headers.Add(new(WireHeaders.InitiatorId, cause.ToString()));
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
            headers.Add(new(WireHeaders.TraceParent, trace));
        if (sendContext is null)
            return headers;
        if (sendContext.RequestId is { } request)
            headers.Add(new(WireHeaders.RequestId, request.ToString()));
        if (sendContext.ResponseAddress is { } address)
            headers.Add(new(WireHeaders.ResponseAddress, address.ToString()));
        if (sendContext.ScheduledMessageId is { } token)
            headers.Add(new(WireHeaders.ScheduleToken, token.ToString()));
        foreach (var (name, value) in sendContext.Headers.GetAll())
        {
            if (value?.ToString() is { } text && name != WireHeaders.RequestId && !headers.Exists(header => header.Key == name))
                headers.Add(new(name, text));
        }

        return headers;
    }
}
