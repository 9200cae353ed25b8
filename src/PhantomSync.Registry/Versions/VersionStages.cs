using Microsoft.EntityFrameworkCore;

namespace PhantomSync.Registry.Versions;

/// <summary>Moves versions from stage to stage, and keeps who did it, when and why.</summary>
public sealed class VersionStages(RegistryDbContext registry, TimeProvider time)
{
    /// <summary>
    /// Moves a version to <paramref name="to"/>. A version that goes to production sends the one that was there into the archive.
    /// It is one transaction, the caller's where there is one.
    /// </summary>
    public async Task<StageChange> ChangeAsync(
        string tenantId, string modelId, int number, VersionStage to, string actor, string reason, CancellationToken cancellationToken = default)
    {
        await using var transaction = registry.Database.CurrentTransaction is null ? await registry.Database.BeginTransactionAsync(cancellationToken) : null;

        // Who holds the model's row is alone with its versions: two that are promoted at the same time take turns.
        var models = registry.Models.Where(model => model.TenantId == tenantId && model.ModelId == modelId);
        await models.ExecuteUpdateAsync(set => set.SetProperty(model => model.LatestVersion, model => model.LatestVersion), cancellationToken);
        var versions = await registry.Versions.AsNoTracking()
            .Where(version => version.TenantId == tenantId && version.ModelId == modelId && (version.Number == number || version.Stage == VersionStage.Production))
            .ToListAsync(cancellationToken);
        if (versions.SingleOrDefault(version => version.Number == number) is not { } moved)
            return StageChange.UnknownVersion;

        var verdict = StageRules.Judge(moved.Stage, to, await models.Select(model => model.OwnStatus).SingleAsync(cancellationToken));
        if (verdict != StageChange.Changed)
            return verdict;
        if (to == VersionStage.Production && versions.SingleOrDefault(version => version.Number != number) is { } before)
            await MoveAsync(before, VersionStage.Archived, actor, $"{moved.Label} took its place: {reason}", cancellationToken);
        await MoveAsync(moved, to, actor, reason, cancellationToken);
        await registry.SaveChangesAsync(cancellationToken);
        if (transaction is not null)
            await transaction.CommitAsync(cancellationToken);
        return StageChange.Changed;
    }

    /// <summary>A version's life so far, from its first stage on.</summary>
    public async Task<IReadOnlyList<StageHistoryEntry>> HistoryAsync(string tenantId, string modelId, int number, CancellationToken cancellationToken = default) =>
        await registry.StageHistory.AsNoTracking()
            .Where(entry => entry.TenantId == tenantId && entry.ModelId == modelId && entry.Number == number)
            .OrderBy(entry => entry.Step)
            .ToListAsync(cancellationToken);

    private async Task MoveAsync(ModelVersion version, VersionStage to, string actor, string reason, CancellationToken cancellationToken)
    {
        await registry.Versions
            .Where(row => row.TenantId == version.TenantId && row.ModelId == version.ModelId && row.Number == version.Number)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Stage, to).SetProperty(row => row.StageStep, version.StageStep + 1), cancellationToken);
        registry.StageHistory.Add(version.Step(version.StageStep + 1, version.Stage, to, actor, reason, time.GetUtcNow()));
    }
}
