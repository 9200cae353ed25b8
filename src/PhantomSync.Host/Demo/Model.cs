namespace PhantomSync.Host.Demo;

internal sealed class Model
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public required string Name { get; set; }

    /// <summary>How often its description was changed.</summary>
    public int Revision { get; set; }

    /// <summary>How many predictions it served.</summary>
    public long Inferences { get; set; }
}
