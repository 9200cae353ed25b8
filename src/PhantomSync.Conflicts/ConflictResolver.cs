using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Resolving;
using PhantomSync.Conflicts.Rules;
using PhantomSync.Conflicts.Storing;

namespace PhantomSync.Conflicts;

/// <summary>Loads what is known of a resource, lets the pure functions decide, and writes what they say.</summary>
internal sealed class ConflictResolver(
    IOptions<ConflictOptions> options, IEnumerable<IConflictRule> rules, IEnumerable<IMergedResource> resources, ConflictAnnouncer announcer, TimeProvider time) : IConflictResolver
{
    private readonly Dictionary<string, IConflictRule> _rules = rules.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, IMergedResource> _resources = resources.ToDictionary(resource => resource.ResourceType, StringComparer.Ordinal);

    public async Task<ConflictOutcome> DetectAndResolveAsync(
        DbContext owner, ResourceKey resource, IReadOnlyList<ConflictingChange> changes, CancellationToken cancellationToken = default)
    {
        if (changes.Count == 0)
            throw new ArgumentException($"There is no change of {resource.ResourceType} '{resource.ResourceId}'. Pass at least the one that arrived.", nameof(changes));
        if (changes.FirstOrDefault(change => change.TenantId != resource.TenantId) is { } foreign)
            throw new ArgumentException($"Change {foreign.ChangeId} is not of the tenant that {resource.ResourceType} '{resource.ResourceId}' belongs to.", nameof(changes));

        var history = await FindAsync(owner, resource, cancellationToken) ?? owner.Add(NewHistory(resource)).Entity;
        if (changes.All(change => history.Changes.Knows(change.ChangeId)))
            return new ConflictOutcome(ConflictOutcomeKind.Repeated, Fold(resource, history, options.Value.PolicyOf(resource)), []);
        history.Changes = history.Changes.With(changes);
        return await UpdateAsync(owner, resource, history, options.Value.PolicyOf(resource), cancellationToken);
    }

    public async Task AbandonAsync(DbContext owner, ResourceKey resource, string reason, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(owner, resource, cancellationToken) is not { } history)
            return;
        foreach (var record in history.HasOpen ? await OpenAsync(owner, resource, cancellationToken) : [])
        {
            ConflictLedger.Close(record, $"Void: {reason}", time.GetUtcNow());
            await announcer.AnnounceAsync(owner, new LedgerEntry(record, IsNew: false, IsClosed: true), cancellationToken);
        }

        (history.HasOpen, history.WaitingSince) = (false, null);
        history.Revision++;
    }

    /// <summary>Considers a resource again whose changes have waited long enough for one that is missing.</summary>
    public async Task RecheckAsync(DbContext owner, ResourceKey resource, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, resource, cancellationToken) is { WaitingSince: not null } history && IsOverdue(history, options.Value.PolicyOf(resource)))
            await UpdateAsync(owner, resource, history, options.Value.PolicyOf(resource), cancellationToken);
    }

    /// <summary>Adds what a person decided.</summary>
    public async Task<MergedState> SettleAsync(DbContext owner, ResourceKey resource, Func<MergedState, ConflictingChange> decide, CancellationToken cancellationToken)
    {
        var history = await FindAsync(owner, resource, cancellationToken)
            ?? throw new InvalidOperationException($"Nothing is remembered of {resource.ResourceType} '{resource.ResourceId}', although it has a conflict.");
        var policy = history.Policy is { } lastUsed ? ConflictPolicy.Read(lastUsed) : options.Value.PolicyOf(resource);
        history.Changes = history.Changes.With(decide(Fold(resource, history, policy)));
        return (await UpdateAsync(owner, resource, history, policy, cancellationToken)).State;
    }

    /// <summary>How a value that a person gives for a field would have to look instead.</summary>
    public string? ExpectedInstead(ResourceKey resource, string field, System.Text.Json.JsonElement value) =>
        _resources.GetValueOrDefault(resource.ResourceType)?.ExpectedInstead(field, value);

    private static ResourceHistory NewHistory(ResourceKey resource) =>
        new() { TenantId = resource.TenantId, ResourceType = resource.ResourceType, ResourceId = resource.ResourceId };

    private static async Task<ResourceHistory?> FindAsync(DbContext owner, ResourceKey resource, CancellationToken cancellationToken) =>
        await owner.FindAsync<ResourceHistory>([resource.TenantId, resource.ResourceType, resource.ResourceId], cancellationToken);

    private async Task<ConflictOutcome> UpdateAsync(
        DbContext owner, ResourceKey resource, ResourceHistory history, ConflictPolicy policy, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var state = Fold(resource, history.Changes, policy, awaitMissing: true);
        history.WaitingSince = state.IsWaiting ? history.WaitingSince ?? now : null;
        var awaitMissing = !IsOverdue(history, policy);
        if (!awaitMissing)
            state = Fold(resource, history.Changes, policy, awaitMissing);

        var kept = await KeptAsync(owner, resource, history, state, cancellationToken);
        var entries = ConflictLedger.Reconcile(resource, kept, history.Recorded, state, now);
        foreach (var entry in entries)
        {
            if (entry.IsNew)
                owner.Add(entry.Record);
            await announcer.AnnounceAsync(owner, entry, cancellationToken);
        }

        history.Recorded = [.. state.Conflicts.Select(ConflictLedger.KeyOf)];
        history.HasOpen = state.Conflicts.Any(conflict => conflict.NeedsPerson);
        history.Changes = history.Changes.Compact(state, compacted => Fold(resource, compacted, policy, awaitMissing), policy.Remembered);
        history.Policy = policy.Write();
        history.Revision++;
        if (_resources.TryGetValue(resource.ResourceType, out var merged))
            await merged.ApplyAsync(owner, resource, state, cancellationToken);
        return new ConflictOutcome(KindOf(state, entries), state, [.. entries.Where(entry => entry.IsNew).Select(entry => entry.Record.ConflictId)]);
    }

    private static ConflictOutcomeKind KindOf(MergedState state, IReadOnlyList<LedgerEntry> entries)
    {
        var found = entries.Where(entry => entry.IsNew).ToArray();
        if (found.Any(entry => entry.Record.IsOpen))
            return ConflictOutcomeKind.ManualResolutionRequired;
        if (found.Length > 0)
            return ConflictOutcomeKind.AutoResolved;
        return state.IsMerged ? ConflictOutcomeKind.Merged : ConflictOutcomeKind.NoConflict;
    }

    /// <summary>The conflicts of a resource that are kept and matter: the open ones, and those that were found by changes forgotten since.</summary>
    private static async Task<IReadOnlyCollection<ConflictRecord>> KeptAsync(
        DbContext owner, ResourceKey resource, ResourceHistory history, MergedState state, CancellationToken cancellationToken)
    {
        var kept = new Dictionary<Guid, ConflictRecord>();
        if (history.HasOpen)
        {
            foreach (var record in await OpenAsync(owner, resource, cancellationToken))
                kept[record.ConflictId] = record;
        }

        foreach (var found in state.Conflicts.Where(found => !kept.ContainsKey(found.Id) && !history.Recorded.Contains(ConflictLedger.KeyOf(found))))
        {
            if (await owner.FindAsync<ConflictRecord>([found.Id], cancellationToken) is { } known)
                kept[found.Id] = known;
        }

        return kept.Values;
    }

    private static async Task<IReadOnlyList<ConflictRecord>> OpenAsync(DbContext owner, ResourceKey resource, CancellationToken cancellationToken)
    {
        await owner.Set<ConflictRecord>()
            .Where(record => record.TenantId == resource.TenantId && record.ResourceType == resource.ResourceType && record.ResourceId == resource.ResourceId
                && (record.Status == ConflictStatus.ManualResolutionRequired || record.Status == ConflictStatus.InProgress || record.Status == ConflictStatus.Detected))
            .LoadAsync(cancellationToken);

        // Those that are not saved yet are known to the context only.
        return
        [
            .. owner.Set<ConflictRecord>().Local.Where(record =>
                record.IsOpen && record.TenantId == resource.TenantId && record.ResourceType == resource.ResourceType && record.ResourceId == resource.ResourceId),
        ];
    }

    private MergedState Fold(ResourceKey resource, ResourceHistory history, ConflictPolicy policy) => Fold(resource, history.Changes, policy, !IsOverdue(history, policy));

    private MergedState Fold(ResourceKey resource, ChangeHistory history, ConflictPolicy policy, bool awaitMissing) =>
        ChangeFold.Of(resource, history.Changes, new ConflictJudge(resource, policy, _rules), awaitMissing);

    private bool IsOverdue(ResourceHistory history, ConflictPolicy policy) => history.WaitingSince is { } since && time.GetUtcNow() - since >= policy.WaitForMissing;
}
