namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>What one table of a service says of a tenant.</summary>
internal sealed record TenantRow
{
    public required string TenantId { get; init; }

    public required Standing Standing { get; init; }
}
