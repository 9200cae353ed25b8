namespace PhantomSync.Sagas.Diagrams;

/// <summary>One arrow of a state machine.</summary>
public sealed record Transition(string From, string Event, string To);
