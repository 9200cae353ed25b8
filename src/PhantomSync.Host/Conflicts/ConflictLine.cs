using System.Text.Json;
using PhantomSync.Conflicts.Storing;

namespace PhantomSync.Host.Conflicts;

/// <summary>A conflict in JSON.</summary>
internal sealed record ConflictLine(
    string Id,
    string Service,
    string TenantId,
    string ResourceType,
    string ResourceId,
    IReadOnlyList<string> Fields,
    string Status,
    string Strategy,
    string Reason,
    DateTimeOffset DetectedAt,
    string? ClaimedBy,
    DateTimeOffset? ClaimedUntil,
    string? WinningChangeId,
    JsonElement? Resolution,
    string? ResolvedBy,
    DateTimeOffset? ResolvedAt,
    JsonElement Changes,
    JsonElement Trace)
{
    public static ConflictLine Of(string service, ConflictRecord record, DateTimeOffset now)
    {
        var isClaimed = record.StatusAt(now) == ConflictStatus.InProgress;
        return new ConflictLine(
            record.ConflictId.ToString(), service, record.TenantId, record.ResourceType, record.ResourceId, record.ReadFields(), record.StatusAt(now).ToString(), record.Strategy,
            record.Reason, record.DetectedAt, isClaimed ? record.ClaimedBy : null, isClaimed ? record.ClaimedUntil : null, record.WinningChangeId,
            record.Resolution is { } resolution ? JsonElement.Parse(resolution) : null, record.ResolvedBy, record.ResolvedAt, JsonElement.Parse(record.Changes), JsonElement.Parse(record.Trace));
    }
}
