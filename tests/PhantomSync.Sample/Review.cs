namespace PhantomSync.Sample;

/// <summary>The latest review of a model.</summary>
public sealed class Review
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public string? Version { get; set; }

    public bool Approved { get; set; }

    public string? ReviewedBy { get; set; }

    /// <summary>Predictions that the model has served since its first review.</summary>
    public long Predictions { get; set; }

    /// <summary>How often the model was reviewed.</summary>
    public int Count { get; set; }
}
