using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PhantomSync.Audit.Indexing;

/// <summary>
/// Accepts servers whose own certificate has the fingerprint, or whose certificate was issued, under the name that was asked for,
/// by an authority that has it. That the authority's certificate is merely sent along proves nothing: anybody can.
/// </summary>
/// <param name="fingerprint">The SHA-256 in hexadecimal, with or without colons.</param>
internal sealed class PinnedCertificate(string fingerprint)
{
    private readonly string _fingerprint = fingerprint.Replace(":", "", StringComparison.Ordinal);

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (certificate is not X509Certificate2 leaf)
            return false;
        return Has(leaf) || (!errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && sent is not null && IsIssuedByAuthority(leaf, sent));
    }

    /// <summary>Signatures, dates and purposes must be in order; only that nobody here trusts the root is let pass.</summary>
    private bool IsIssuedByAuthority(X509Certificate2 leaf, X509Chain sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        foreach (var element in sent.ChainElements)
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf) && chain.ChainElements.Any(element => Has(element.Certificate));
    }

    private bool Has(X509Certificate2 certificate) =>
        string.Equals(certificate.GetCertHashString(HashAlgorithmName.SHA256), _fingerprint, StringComparison.OrdinalIgnoreCase);
}
