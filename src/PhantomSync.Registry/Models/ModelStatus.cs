namespace PhantomSync.Registry.Models;

/// <summary>Whether a model may serve.</summary>
public enum ModelStatus
{
    Active,

    /// <summary>It exists and must not serve.</summary>
    Disabled,

    /// <summary>It is gone for good; its row stays.</summary>
    Deleted,
}
