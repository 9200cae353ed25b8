namespace PhantomSync.Tests.Conflicts;

public sealed class Order
{
    public required string TenantId { get; init; }

    public required string OrderId { get; init; }

    public string? Status { get; set; }

    public int Price { get; set; }
}
