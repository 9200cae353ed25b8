namespace PhantomSync.Benchmarks.Ours;

/// <summary>What a consumer keeps of an event.</summary>
internal sealed class Effect
{
    public required string InferenceId { get; init; }

    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public double Confidence { get; set; }

    public long InferenceTimeMs { get; set; }

    /// <summary>How often the event was applied: anything but 1 is a fault.</summary>
    public int Seen { get; set; }
}
