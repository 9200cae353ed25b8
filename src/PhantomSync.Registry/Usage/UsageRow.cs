namespace PhantomSync.Registry.Usage;

/// <summary>
/// One shard of a model version's statistics: what came through one partition. The inference events of a model are spread over
/// all partitions, and each partition's worker writes rows of its own; who reads adds them up.
/// </summary>
internal sealed class UsageRow
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public required string Version { get; init; }

    public required int Shard { get; init; }

    /// <summary>Counts writes; a write that is based on an older one is refused.</summary>
    public required long Revision { get; init; }

    public required long Reports { get; init; }

    public required decimal Predictions { get; init; }

    public required decimal Flagged { get; init; }

    public required decimal TimeSum { get; init; }

    public double? TimeMin { get; init; }

    public double? TimeMax { get; init; }

    public required byte[] TimeSketch { get; init; }

    public required decimal ConfidenceSum { get; init; }

    public double? ConfidenceMin { get; init; }

    public double? ConfidenceMax { get; init; }

    public required byte[] ConfidenceSketch { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    public UsageKey Key => new(TenantId, ModelId, Version);

    public UsageTally Tally() => UsageTally.Stored(
        Reports,
        Predictions,
        Flagged,
        Spread.Stored(TimeSum, TimeMin, TimeMax, TimeSketch),
        Spread.Stored(ConfidenceSum, ConfidenceMin, ConfidenceMax, ConfidenceSketch),
        LastUsedAt);

    public static UsageRow Of(UsageKey key, int shard, long revision, UsageTally tally) => new()
    {
        TenantId = key.TenantId,
        ModelId = key.ModelId,
        Version = key.Version,
        Shard = shard,
        Revision = revision,
        Reports = tally.Reports,
        Predictions = tally.Predictions,
        Flagged = tally.Flagged,
        TimeSum = tally.TimeMs.Sum,
        TimeMin = Finite(tally.TimeMs.Min),
        TimeMax = Finite(tally.TimeMs.Max),
        TimeSketch = tally.TimeMs.Sketch.ToBytes(),
        ConfidenceSum = tally.Confidence.Sum,
        ConfidenceMin = Finite(tally.Confidence.Min),
        ConfidenceMax = Finite(tally.Confidence.Max),
        ConfidenceSketch = tally.Confidence.Sketch.ToBytes(),
        LastUsedAt = tally.LastUsedAt,
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
