namespace PhantomSync.Host.Publishing;

/// <summary>A tenant for which no new work is taken in.</summary>
internal sealed class SuspendedTenant
{
    public required string TenantId { get; init; }
}
