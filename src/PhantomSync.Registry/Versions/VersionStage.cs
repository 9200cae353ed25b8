namespace PhantomSync.Registry.Versions;

/// <summary>Where a version stands in its life.</summary>
public enum VersionStage
{
    /// <summary>A training made it.</summary>
    Registered,

    /// <summary>It is being tried.</summary>
    Staged,

    /// <summary>It serves; a model has at most one such version.</summary>
    Production,

    /// <summary>It serves no more, and can be staged again.</summary>
    Archived,
}
