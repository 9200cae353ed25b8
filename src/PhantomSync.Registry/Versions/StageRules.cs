using PhantomSync.Registry.Models;

namespace PhantomSync.Registry.Versions;

/// <summary>Which ways lead from stage to stage.</summary>
internal static class StageRules
{
    public static StageChange Judge(VersionStage from, VersionStage to, ModelStatus model) => (from, to) switch
    {
        _ when from == to => StageChange.Unchanged,
        (_, VersionStage.Archived) => StageChange.Changed,
        _ when model == ModelStatus.Deleted => StageChange.NotAllowed,
        (VersionStage.Registered or VersionStage.Archived, VersionStage.Staged) => StageChange.Changed,
        (VersionStage.Staged, VersionStage.Production) => StageChange.Changed,
        _ => StageChange.NotAllowed,
    };

    /// <summary>Where a new version begins: that of a deleted model never serves.</summary>
    public static VersionStage First(ModelStatus model) => model == ModelStatus.Deleted ? VersionStage.Archived : VersionStage.Registered;
}
