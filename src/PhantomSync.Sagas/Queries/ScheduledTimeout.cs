namespace PhantomSync.Sagas.Queries;

/// <summary>A reminder that is under way.</summary>
/// <param name="Event">What it will say.</param>
/// <param name="DueAt">When; a moment that has passed means that it is on its way.</param>
public sealed record ScheduledTimeout(string Event, DateTimeOffset DueAt);
