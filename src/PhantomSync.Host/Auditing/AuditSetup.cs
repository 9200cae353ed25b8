using PhantomSync.Audit;
using PhantomSync.Audit.Indexing;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Auditing;

/// <summary>The audit trail as the host runs it.</summary>
internal static class AuditSetup
{
    /// <summary>The encoded API key of Elasticsearch.</summary>
    public const string ApiKeyVariable = "PHANTOMSYNC_ELASTICSEARCH_API_KEY";

    /// <summary>The SHA-256 of the authority's certificate, as Elasticsearch prints it when it starts for the first time.</summary>
    public const string FingerprintVariable = "PHANTOMSYNC_ELASTICSEARCH_FINGERPRINT";

    /// <summary>Stores and consumers. On PostgreSQL without Elasticsearch nothing is searchable: hosts cannot share an FTS5 file.</summary>
    public static void AddAudit(this PlatformParts parts, PlatformOptions options)
    {
        parts.Bus.AddAuditStore(parts.Database("audit"), parts.OutboxProvider, audit => Files(audit, options));
        parts.Bus.AddTableSetup<AuditDbContext>();
        parts.Rider.AddAudit();
        if (!IsSearchable(options))
            return;
        parts.Bus.AddAuditIndexStore(parts.Database("audit-index"), parts.OutboxProvider, Elasticsearch(options));
        parts.Bus.AddTableSetup<AuditIndexDbContext>();
        parts.Rider.AddAuditIndex();
    }

    public static bool IsSearchable(PlatformOptions options) => options.Postgres is null || options.Elasticsearch is not null;

    public static void Files(AuditOptions audit, PlatformOptions options)
    {
        audit.HeadsFile = Path.Combine(options.DataDirectory, "audit-heads.jsonl");
        audit.SigningKeyFile = Path.Combine(options.DataDirectory, "audit-signing-key.pem");
    }

    /// <exception cref="UserErrorException">An address is none.</exception>
    public static ElasticsearchOptions? Elasticsearch(PlatformOptions options)
    {
        if (options.Elasticsearch is null)
            return null;
        var nodes = options.Elasticsearch.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Node).ToArray();
        if (nodes.Length == 0)
            throw new UserErrorException("--elasticsearch: there is no address. Write http://localhost:9200 for instance.");
        return new ElasticsearchOptions
        {
            Nodes = nodes,
            ApiKey = Environment.GetEnvironmentVariable(ApiKeyVariable),
            CertificateFingerprint = Environment.GetEnvironmentVariable(FingerprintVariable),
        };
    }

    private static Uri Node(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new UserErrorException($"--elasticsearch: '{text}' is not an address. Write http://localhost:9200 for instance, several with a comma between.");
}
