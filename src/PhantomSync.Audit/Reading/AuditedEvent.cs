using PhantomSync.Audit.Entries;
using PhantomSync.EntityFrameworkCore.Journeys;

namespace PhantomSync.Audit.Reading;

/// <summary>An entry, and what became of its event.</summary>
/// <param name="Entry">As the record of truth has it.</param>
/// <param name="Outcomes">One of each service of the process, in alphabetical order.</param>
public sealed record AuditedEvent(AuditEntry Entry, IReadOnlyList<EventOutcome> Outcomes);
