namespace PhantomSync.Analytics;

/// <summary>A final metric of a training job.</summary>
/// <param name="JobId">The job.</param>
/// <param name="ModelId">The model it trained.</param>
/// <param name="Name">The metric.</param>
/// <param name="Value">Its value; may be NaN or infinite.</param>
/// <param name="At">When the job ended, UTC.</param>
/// <param name="TrainingDurationMs">How long the job took, in milliseconds.</param>
public sealed record TrainingMetric(string JobId, string ModelId, string Name, double Value, DateTime At, ulong TrainingDurationMs);
