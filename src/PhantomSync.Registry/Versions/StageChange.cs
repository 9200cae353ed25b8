namespace PhantomSync.Registry.Versions;

/// <summary>How a request to change a version's stage ended.</summary>
public enum StageChange
{
    Changed,

    /// <summary>The version is in that stage already.</summary>
    Unchanged,

    /// <summary>No way leads from its stage to that one, or its model is deleted.</summary>
    NotAllowed,

    UnknownVersion,
}
