namespace PhantomSync.Registry.Usage;

/// <summary>How a model version was used.</summary>
/// <param name="Version">Its label, as inference events name it.</param>
/// <param name="IsKnown">Whether the registry has a version of that label.</param>
/// <param name="Reports">Events counted, empty batches too.</param>
/// <param name="Predictions">Predictions served, those of batches included.</param>
/// <param name="Flagged">Predictions whose confidence was not between 0 and 1; they are not in <paramref name="Confidence"/>.</param>
/// <param name="TimeMs">Milliseconds per prediction; null where there was none.</param>
/// <param name="Confidence">The model's confidence; null where there was none.</param>
/// <param name="LastUsedAt">The latest use, by the clock of who reported it.</param>
public sealed record VersionUsage(
    string Version, bool IsKnown, long Reports, decimal Predictions, decimal Flagged, Distribution? TimeMs, Distribution? Confidence, DateTimeOffset LastUsedAt);
