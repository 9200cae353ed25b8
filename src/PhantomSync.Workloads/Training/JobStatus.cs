namespace PhantomSync.Workloads.Training;

/// <summary>What a training job does.</summary>
public enum JobStatus
{
    Running,

    /// <summary>It waits for its tenant's suspension to end.</summary>
    Paused,

    /// <summary>It ended by itself, well or not.</summary>
    Ended,

    /// <summary>It was stopped, by a suspension or because it was cancelled. It does not go on; it can be started again.</summary>
    Stopped,
}
