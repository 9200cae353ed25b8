using System.Net;
using System.Text.Json;

namespace PhantomSync.Audit.Indexing;

/// <summary>A node's answer.</summary>
internal sealed record ElasticsearchReply(HttpStatusCode Status, JsonElement Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Status, type and reason, for people.</summary>
    public string Problem => $"{(int)Status} {Explain(Body)}".TrimEnd();

    public static string Explain(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return "";
        var error = body.TryGetProperty("error", out var found) ? found : body;
        if (error.ValueKind != JsonValueKind.Object)
            return error.ToString();
        var type = error.TryGetProperty("type", out var t) ? t.ToString() : "";
        var reason = error.TryGetProperty("reason", out var r) ? r.ToString() : "";
        var cause = error.TryGetProperty("caused_by", out var inner) && inner.ValueKind == JsonValueKind.Object ? ": " + Explain(inner) : "";
        return $"{type}: {reason}{cause}";
    }
}
