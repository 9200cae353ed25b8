namespace PhantomSync.Analytics;

/// <summary>The batches that one model version served.</summary>
/// <param name="ModelVersion">The version that answered.</param>
/// <param name="Batches">How many batches.</param>
/// <param name="Predictions">How many predictions in them.</param>
/// <param name="TotalTimeMs">How long they took together, in milliseconds.</param>
/// <param name="MeanConfidence">The mean confidence of a prediction; null where there was none.</param>
public sealed record BatchInferenceTotals(string ModelVersion, ulong Batches, UInt128 Predictions, UInt128 TotalTimeMs, double? MeanConfidence);
