namespace PhantomSync.Host.Demo;

internal sealed class Tenant
{
    public required string TenantId { get; init; }

    /// <summary>The world it belongs to, see <see cref="WorldClaim"/>.</summary>
    public required int World { get; init; }

    public required string Tier { get; set; }

    public required string Status { get; set; }
}
