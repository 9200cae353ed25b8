using MassTransit;

namespace PhantomSync.Sagas;

/// <summary>Where the rules lead with an event, on its way through the state machine.</summary>
/// <param name="Next">The state after it.</param>
internal sealed record Decision<TStatus>(TStatus Next)
    where TStatus : struct, Enum
{
    /// <exception cref="InvalidOperationException">The table of the state machine lacks what the rules decided.</exception>
    public void MustBe(TStatus state)
    {
        if (!state.Equals(Next))
            throw new InvalidOperationException($"The rules lead to {Next}, which the state machine's table does not list in {state}. Add it to the line of that event.");
    }
}

internal static class DecisionExtensions
{
    public static Decision<TStatus> Decided<TStatus>(this PipeContext context)
        where TStatus : struct, Enum =>
        context.TryGetPayload<Decision<TStatus>>(out var decision) ? decision : throw new InvalidOperationException("The event was not judged.");
}
