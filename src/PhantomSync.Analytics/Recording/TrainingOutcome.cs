namespace PhantomSync.Analytics.Recording;

/// <summary>The words in <c>training_runs.outcome</c>.</summary>
internal static class TrainingOutcome
{
    public const string Completed = "completed";
    public const string Failed = "failed";
}
