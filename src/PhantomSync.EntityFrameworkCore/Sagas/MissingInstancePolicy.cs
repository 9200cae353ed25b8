namespace PhantomSync.EntityFrameworkCore;

/// <summary>What becomes of an event whose saga instance does not exist, where the event cannot start one.</summary>
public enum MissingInstancePolicy
{
    /// <summary>It is put among the dead letters, where it can be replayed; its key goes on.</summary>
    DeadLetter,

    /// <summary>It is dropped, as MassTransit does on its own.</summary>
    Discard,
}
