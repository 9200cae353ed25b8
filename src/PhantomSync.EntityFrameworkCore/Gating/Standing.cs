namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>How a service's own database knows a tenant. Of several that are said of one, the last of these counts.</summary>
internal enum Standing
{
    Active,

    Suspended,

    Deleted,

    /// <summary>None of the tenant's own events has been handled.</summary>
    Unknown,
}
