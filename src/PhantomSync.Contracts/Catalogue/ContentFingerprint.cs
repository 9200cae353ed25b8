using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>
/// Tells whether two records say the same: the first 128 bits of the SHA-256 of a canonical form in which
/// members are sorted, white space and escapes are resolved, and <c>data.sync_metadata</c> is left out
/// (a record that is sent again may differ there). Numbers count as they are spelt: <c>1</c> is not <c>1.0</c>.
/// The value is stable across processes, machines and versions, so it may be stored.
/// </summary>
public static class ContentFingerprint
{
    /// <summary>The fingerprint of a record. Bytes that are not JSON have one too: that of the bytes.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> utf8)
    {
        using var form = CanonicalForm.Rent();
        return form.Of(utf8);
    }
}
