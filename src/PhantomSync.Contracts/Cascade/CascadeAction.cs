namespace PhantomSync.Contracts;

/// <summary>The two halves of a tenant's cascade, as they are called on the wire.</summary>
public static class CascadeAction
{
    public const string Suspend = "suspend";

    public const string Resume = "resume";
}
