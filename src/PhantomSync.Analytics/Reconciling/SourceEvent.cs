using PhantomSync.Contracts;

namespace PhantomSync.Analytics;

/// <summary>An event as the source keeps it.</summary>
/// <param name="Event">The event.</param>
/// <param name="IsHandled">Whether the service had handled it when reading began. Of one that it had not, the store may have the rows by now, or not yet.</param>
public sealed record SourceEvent(ISyncEvent Event, bool IsHandled);
