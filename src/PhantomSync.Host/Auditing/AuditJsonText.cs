using System.Text.Encodings.Web;
using System.Text.Json;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Reading;

namespace PhantomSync.Host.Auditing;

/// <summary>The audit trail in JSON, an object per line.</summary>
internal static class AuditJsonText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(AuditEntry entry) => JsonSerializer.Serialize(Fields(entry), Readable);

    public static string Of(AuditedEvent found)
    {
        var fields = Fields(found.Entry);
        fields["outcomes"] = found.Outcomes.Select(outcome => new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["service"] = outcome.Service,
            ["stage"] = outcome.Stage.ToString(),
            ["at"] = outcome.At,
            ["dead_letter"] = outcome.LetterId,
            ["reason"] = outcome.Reason,
        });
        return JsonSerializer.Serialize(fields, Readable);
    }

    private static Dictionary<string, object?> Fields(AuditEntry entry) => new(StringComparer.Ordinal)
    {
        ["id"] = entry.Id,
        ["timestamp"] = entry.Timestamp.ToString(),
        ["tenant_id"] = entry.TenantId,
        ["user_id"] = entry.UserId,
        ["action"] = entry.Action,
        ["resource_type"] = entry.ResourceType,
        ["resource_id"] = entry.ResourceId,
        ["result"] = entry.Result,
        ["details"] = entry.Details is null ? null : JsonElement.Parse(entry.Details),
        ["event_id"] = entry.EventId,
        ["event_type"] = entry.EventType,
        ["source_service"] = entry.SourceService,
        ["correlation_id"] = entry.CorrelationId,
        ["causation_id"] = entry.CausationId,
    };
}
