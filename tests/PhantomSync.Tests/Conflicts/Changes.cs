using System.Text.Json;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Conflicts.Rules;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Conflicts;

/// <summary>Changes and decisions in few words.</summary>
internal static class Changes
{
    public static readonly ResourceKey Resource = new("acme", "ORDER", "order-1");

    public static readonly Timestamp Noon = Timestamp.Parse("2026-03-01T12:00:00Z");

    /// <param name="id">Its id.</param>
    /// <param name="source">Who made it.</param>
    /// <param name="seconds">After noon.</param>
    /// <param name="fields">What it sets.</param>
    public static ConflictingChange Change(string id, string source = "one", double seconds = 0, params (string Name, object? Value)[] fields) => new()
    {
        ChangeId = id,
        TenantId = Resource.TenantId,
        SourceService = source,
        Timestamp = Timestamp.From(Noon.ToDateTimeOffset().AddSeconds(seconds)),
        Changes = fields.ToDictionary(field => field.Name, field => JsonSerializer.SerializeToElement(field.Value), StringComparer.Ordinal),
    };

    public static VectorClock Clock(params (string Source, ulong Count)[] counts) => new(counts.Select(count => KeyValuePair.Create(count.Source, count.Count)));

    public static ConflictPolicy Policy(ConflictStrategy strategy) => new ConflictPolicy(null).Use(strategy);

    public static ConflictJudge Judge(ConflictPolicy policy, params IConflictRule[] rules) =>
        new(Resource, policy, rules.Append(new TrainingServicePriorityRule()).ToDictionary(rule => rule.Name, StringComparer.Ordinal));

    public static MergedState Fold(ConflictPolicy policy, params IEnumerable<ConflictingChange> changes) => ChangeFold.Of(Resource, changes, Judge(policy), awaitMissing: false);

    /// <summary>The field as JSON.</summary>
    public static string Shown(this MergedState state, string field) => state.Fields[field].Value.GetRawText();
}
