namespace PhantomSync.Analytics;

/// <summary>How a model's training jobs ended.</summary>
/// <param name="Completed">Jobs that made a version.</param>
/// <param name="Failed">Jobs that did not.</param>
/// <param name="TotalDurationMs">How long the completed ones took together, in milliseconds, each counted once.</param>
public sealed record TrainingTotals(ulong Completed, ulong Failed, UInt128 TotalDurationMs);
