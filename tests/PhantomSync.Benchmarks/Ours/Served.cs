namespace PhantomSync.Benchmarks.Ours;

/// <summary>The domain row that a publisher writes with its event.</summary>
internal sealed class Served
{
    public required string Id { get; init; }

    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public double Confidence { get; init; }
}
