namespace PhantomSync.Host.Hosting;

/// <summary>What the services do with events of tenants that they have not heard of.</summary>
internal enum UnknownTenants
{
    /// <summary>They handle them: tenants may be older than their log.</summary>
    Pass,

    /// <summary>They hold them until the tenant is known.</summary>
    Hold,
}
