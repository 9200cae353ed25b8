namespace PhantomSync.Analytics;

/// <summary>The predictions of one model version in one stretch of time.</summary>
/// <param name="ModelVersion">The version that answered.</param>
/// <param name="Start">When the stretch begins, UTC.</param>
/// <param name="Predictions">How many there were.</param>
/// <param name="PerSecond">How many per second, over the whole stretch.</param>
/// <param name="MeanLatencyMs">Their mean time in milliseconds.</param>
/// <param name="LatencyMs">Their times in milliseconds.</param>
/// <param name="MeanConfidence">Their mean confidence.</param>
/// <param name="Confidence">Their confidences.</param>
public sealed record InferencePoint(
    string ModelVersion,
    DateTime Start,
    ulong Predictions,
    double PerSecond,
    double MeanLatencyMs,
    Quantiles LatencyMs,
    double MeanConfidence,
    Quantiles Confidence);
