namespace PhantomSync.Sagas.Training;

/// <summary>Where a training job stands. The names are those of the state machine's states.</summary>
public enum TrainingStatus
{
    /// <summary>Nothing has been heard of it.</summary>
    Initial,

    /// <summary>It runs.</summary>
    Started,

    /// <summary>It should have been heard of by now.</summary>
    Stalled,

    /// <summary>It waits for its tenant's suspension to end.</summary>
    Paused,

    /// <summary>It ended well; its version is not confirmed yet.</summary>
    Completed,

    /// <summary>The registry has confirmed the version that it made.</summary>
    VersionRegistered,

    /// <summary>It ended without a result. It may be started again.</summary>
    Failed,

    /// <summary>It was cancelled while it ran. It may be started again.</summary>
    Cancelled,
}
