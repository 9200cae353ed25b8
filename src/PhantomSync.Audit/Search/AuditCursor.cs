using System.Buffers.Text;
using System.Globalization;
using System.Text;
using PhantomSync.Audit.Entries;

namespace PhantomSync.Audit.Search;

/// <summary>The entry after which a page begins. Nothing is kept for it on a server, so it never expires.</summary>
internal readonly record struct AuditCursor(long Microseconds, string Id)
{
    public static AuditCursor Of(AuditEntry entry) => new(entry.Timestamp.UnixMicroseconds, entry.Id.ToString());

    /// <exception cref="ArgumentException">The text is no cursor.</exception>
    public static AuditCursor Parse(string text)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ');
            if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var microseconds) && Guid.TryParseExact(parts[1], "D", out var id))
                return new AuditCursor(microseconds, id.ToString());
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw new ArgumentException($"'{text}' is not a cursor of this search. Use 'next' of the page before, unchanged.", nameof(text));
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Microseconds} {Id}")));
}
