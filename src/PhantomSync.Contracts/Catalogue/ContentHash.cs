using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>
/// Tells apart what two records say, as <see cref="ContentFingerprint"/> does, in 64 bits and computed while the record is checked.
/// It is not cryptographic: whoever may choose both records can make them collide. Stable, so it may be stored.
/// </summary>
public static class ContentHash
{
    /// <summary>The hash of a record. Bytes that are no sound record have one too: that of the bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return RecordScan.Of(utf8).ContentHash;
        }
        catch (WireFormatException)
        {
            return ContentHasher.OfBytes(utf8);
        }
    }
}
