namespace PhantomSync.EntityFrameworkCore.Journeys;

/// <summary>An event whose fate is looked for.</summary>
/// <param name="TenantId">Whose it is; nobody else's letters are looked at.</param>
/// <param name="EventId">Its id.</param>
/// <param name="EventType">Its name on the wire.</param>
/// <param name="InboxKey">Under which inboxes remember it: <see cref="Inbox.InboxKey.Of(string, string)"/>.</param>
public sealed record SoughtEvent(string TenantId, Guid EventId, string EventType, Guid InboxKey);
