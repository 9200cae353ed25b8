using System.Security.Cryptography;

namespace PhantomSync.Audit.Sealing;

/// <summary>Signs heads with ES256 and checks what it signed.</summary>
internal sealed class HeadSigner : IDisposable
{
    private readonly ECDsa _key;

    private HeadSigner(ECDsa key)
    {
        _key = key;
        KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
    }

    public string KeyId { get; }

    /// <summary>The key of that file; where there is none it is made, readable by its owner only.</summary>
    public static HeadSigner Open(string file)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            if (!File.Exists(file))
                Keep(file, key.ExportPkcs8PrivateKeyPem());
            key.ImportFromPem(File.ReadAllText(file));
            return new HeadSigner(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public AuditHead Sign(ChainEnd end, DateTimeOffset now)
    {
        var head = new AuditHead { TenantId = end.TenantId, Sequence = end.Sequence, Hash = Convert.ToHexStringLower(end.Hash), SignedAt = now, KeyId = KeyId };
        return head with { Signature = Convert.ToBase64String(_key.SignHash(Digest(head))) };
    }

    /// <summary>Whether this key signed that head; null where it is another key's.</summary>
    public bool? Verify(AuditHead head)
    {
        if (head.KeyId != KeyId)
            return null;
        Span<byte> signature = stackalloc byte[128];
        return Convert.TryFromBase64String(head.Signature, signature, out var length) && _key.VerifyHash(Digest(head), signature[..length]);
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Digest(AuditHead head) =>
        HashInput.Begin(4).Add(head.TenantId).Add(head.Sequence).Add(head.Hash).Add(head.SignedAt.UtcTicks).Add(head.KeyId).Hash();

    private static void Keep(string file, string pem)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var writer = new StreamWriter(file, options);
            writer.Write(pem);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process of this folder was quicker; its key counts.
        }
    }
}
