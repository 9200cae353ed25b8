namespace PhantomSync.Contracts;

/// <summary>What becomes of the training jobs that run when their tenant is suspended, as it is called on the wire.</summary>
public static class TrainingPolicy
{
    /// <summary>They are cancelled. They lose their machines and do not go on by themselves.</summary>
    public const string Cancel = "cancel";

    /// <summary>They wait, and go on when the suspension ends.</summary>
    public const string Pause = "pause";

    /// <summary>They go on to their end. None starts.</summary>
    public const string Finish = "finish";

    public static IReadOnlyList<string> All { get; } = [Cancel, Pause, Finish];
}
