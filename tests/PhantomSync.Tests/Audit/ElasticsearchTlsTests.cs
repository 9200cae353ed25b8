using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Search;

namespace PhantomSync.Tests.Audit;

/// <summary>Whom the client believes to be Elasticsearch.</summary>
public sealed class ElasticsearchTlsTests : IAsyncDisposable
{
    private readonly ElasticsearchStandIn _server = new();
    private readonly Authority _authority = new("CN=Elasticsearch security auto-configuration HTTP CA");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_whose_authority_has_the_fingerprint_is_believed(bool colons)
    {
        await using var front = new TlsFront(_server.Address, _authority.Issue("127.0.0.1"), _authority.Certificate);
        var fingerprint = Fingerprint(_authority.Certificate);
        await AskAsync(front, colons ? string.Join(':', fingerprint.Chunk(2).Select(pair => new string(pair))).ToLowerInvariant() : fingerprint);
    }

    [Fact]
    public async Task A_server_whose_own_certificate_has_the_fingerprint_is_believed_whatever_its_name()
    {
        var leaf = _authority.Issue("elsewhere.example");
        await using var front = new TlsFront(_server.Address, leaf, _authority.Certificate);
        await AskAsync(front, Fingerprint(leaf));
    }

    [Fact]
    public async Task Without_the_right_fingerprint_an_unknown_authority_is_refused()
    {
        await using var front = new TlsFront(_server.Address, _authority.Issue("127.0.0.1"), _authority.Certificate);
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(front, null));
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(front, new string('0', 64)));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var front = new TlsFront(_server.Address, _authority.Issue("elsewhere.example"), _authority.Certificate);
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(front, Fingerprint(_authority.Certificate)));
    }

    [Fact]
    public async Task Sending_the_authoritys_certificate_along_does_not_make_it_the_issuer()
    {
        // The same name and the real certificate in the chain, but a signature by somebody else.
        using var forger = new Authority(_authority.Certificate.Subject);
        await using var front = new TlsFront(_server.Address, forger.Issue("127.0.0.1"), _authority.Certificate);
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(front, Fingerprint(_authority.Certificate)));
    }

    public async ValueTask DisposeAsync()
    {
        _authority.Dispose();
        await _server.DisposeAsync();
    }

    private static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static async Task AskAsync(TlsFront front, string? fingerprint)
    {
        var options = new ElasticsearchOptions { Nodes = [front.Address], CertificateFingerprint = fingerprint };
        using var index = new ElasticsearchAuditIndex(new ElasticsearchClient(options, TimeProvider.System), options, TimeProvider.System);
        (await index.SearchAsync(new AuditQuery { TenantId = "acme" }, Cancel)).Entries.ShouldBeEmpty();
    }
}
