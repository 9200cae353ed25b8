using System.Text.Json;

namespace PhantomSync.Conflicts.Detecting;

/// <summary>What a field of a resource is, all changes considered.</summary>
/// <param name="Value">Its value.</param>
/// <param name="ChangeId">The change it comes from; where a rule merged several, the last of them.</param>
/// <param name="ConflictId">The conflict that it is or was decided by and that nothing has followed yet; null without one.</param>
/// <param name="IsProvisional">Whether a person has yet to decide; until then the earliest of the changes counts.</param>
public sealed record MergedField(JsonElement Value, string ChangeId, Guid? ConflictId, bool IsProvisional);
