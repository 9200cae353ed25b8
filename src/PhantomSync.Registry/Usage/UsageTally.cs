using PhantomSync.Contracts;

namespace PhantomSync.Registry.Usage;

/// <summary>
/// What a model version was used for. Tallies add up to the same in whichever order and grouping they are added: sums are
/// decimal, a confidence with nine digits.
/// </summary>
internal sealed class UsageTally
{
    /// <summary>Events counted.</summary>
    public long Reports { get; private set; }

    public decimal Predictions { get; private set; }

    /// <summary>Predictions whose confidence is not between 0 and 1; it is left out of the statistics.</summary>
    public decimal Flagged { get; private set; }

    public Spread TimeMs { get; private init; } = new();

    public Spread Confidence { get; private init; } = new();

    public DateTimeOffset LastUsedAt { get; private set; } = DateTimeOffset.MinValue;

    public static UsageTally Stored(long reports, decimal predictions, decimal flagged, Spread timeMs, Spread confidence, DateTimeOffset lastUsedAt) => new()
    {
        Reports = reports,
        Predictions = predictions,
        Flagged = flagged,
        TimeMs = timeMs,
        Confidence = confidence,
        LastUsedAt = lastUsedAt,
    };

    public void Add(InferenceCompleted inference) =>
        Add(1, inference.InferenceTimeMs, inference.Confidence, inference.SyncMetadata.OccurredAt);

    /// <summary>Each prediction of a batch counts with the batch's mean time and confidence; an empty batch is a report and nothing else.</summary>
    public void Add(BatchInferenceCompleted batch) =>
        Add(batch.TotalPredictions, batch.TotalTimeMs, batch.AverageConfidence, batch.SyncMetadata.OccurredAt);

    public void Add(UsageTally other)
    {
        Reports += other.Reports;
        Predictions += other.Predictions;
        Flagged += other.Flagged;
        TimeMs.Add(other.TimeMs);
        Confidence.Add(other.Confidence);
        LastUsedAt = Later(LastUsedAt, other.LastUsedAt);
    }

    private void Add(ulong predictions, ulong totalMs, double confidence, Timestamp at)
    {
        Reports++;
        LastUsedAt = Later(LastUsedAt, at.ToMicroseconds().ToDateTimeOffset());
        if (predictions == 0)
            return;
        Predictions += predictions;
        TimeMs.Add((double)totalMs / predictions, totalMs, predictions);
        if (confidence is >= 0 and <= 1)
            Confidence.Add(confidence, Math.Round((decimal)confidence, 9) * predictions, predictions);
        else
            Flagged += predictions;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
