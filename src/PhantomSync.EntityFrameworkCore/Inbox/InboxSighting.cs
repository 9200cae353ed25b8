namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>An event that an inbox remembers.</summary>
/// <param name="At">When it came; null where an earlier release took it in.</param>
internal readonly record struct InboxSighting(DateTimeOffset? At);
