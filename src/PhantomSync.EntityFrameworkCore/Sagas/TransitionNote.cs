namespace PhantomSync.EntityFrameworkCore.Sagas;

/// <summary>What the state machine tells of itself while an instance handles a message.</summary>
internal sealed class TransitionNote
{
    private const string AnyReceived = ".AnyReceived";

    public string? From { get; private set; }

    public string? To { get; private set; }

    public string? Event { get; private set; }

    /// <summary>A scheduled message that is not the current one any more has no effect.</summary>
    public bool IsStale => Event is not null && Event.EndsWith(AnyReceived, StringComparison.Ordinal);

    public void Begin(string eventName, string state)
    {
        From ??= state;
        if (Event is null || IsStale)
            Event = eventName;
    }

    public void End(string state) => To = state;
}
