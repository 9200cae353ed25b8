using System.ComponentModel.DataAnnotations;

namespace PhantomSync.Audit.Indexing;

/// <summary>How Elasticsearch is reached.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>The nodes; a request goes to the next where one does not answer. Name and password may stand in the address.</summary>
    [MinLength(1)]
    public IReadOnlyList<Uri> Nodes { get; set; } = [];

    /// <summary>An API key as Elasticsearch gives it out, encoded; goes before name and password. Indexing needs <c>create_doc</c> and <c>auto_configure</c>, searching <c>read</c>.</summary>
    public string? ApiKey { get; set; }

    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>The SHA-256 of the authority's certificate in hexadecimal, where it is not one that the system trusts.</summary>
    public string? CertificateFingerprint { get; set; }

    /// <summary>How long one node may take for an answer. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a node that did not answer is passed over while others do. Default 10 s.</summary>
    public TimeSpan RestAfterFailure { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of one bulk request at most. Default 5 MiB.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int BulkBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>Tries of documents that an overloaded node gave back, before the whole micro-batch waits. Default 4.</summary>
    [Range(1, 100)]
    public int BulkAttempts { get; set; } = 4;

    /// <summary>The pause before the second of them; it doubles. Default 100 ms.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What index names begin with. Default <c>audit-logs</c>.</summary>
    [RegularExpression("[a-z0-9][a-z0-9-]{0,100}")]
    public string IndexPrefix { get; set; } = "audit-logs";

    /// <summary>Makes a write wait until it can be found: <c>wait_for</c> in tests, else nothing.</summary>
    public string? Refresh { get; set; }
}
