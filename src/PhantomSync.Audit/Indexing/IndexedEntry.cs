using PhantomSync.Audit.Entries;
using PhantomSync.Contracts;

namespace PhantomSync.Audit.Indexing;

/// <summary>An entry on its way into the index.</summary>
/// <param name="SeenAt">When this service first saw it; tells whether the entry's own time can be right.</param>
public sealed record IndexedEntry(AuditEntry Entry, Timestamp SeenAt)
{
    /// <summary>Where entries go whose clock is out of its mind: more than a day ahead, or older than ten years.</summary>
    public const string Undated = "undated";

    /// <summary>The month of the entry's own time, such as <c>2026-03</c>.</summary>
    public string Month
    {
        get
        {
            var done = Entry.Timestamp.ToDateTimeOffset();
            var seen = SeenAt.ToDateTimeOffset();
            return done > seen.AddDays(1) || done < seen.AddYears(-10) ? Undated : done.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
