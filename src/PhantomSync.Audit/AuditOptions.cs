using System.ComponentModel.DataAnnotations;

namespace PhantomSync.Audit;

/// <summary>How the trail is sealed, and where its heads are kept.</summary>
public sealed class AuditOptions
{
    /// <summary>The append-only file of signed heads; best on a disk that the database's administrators cannot write to.</summary>
    [Required]
    public string HeadsFile { get; set; } = "audit-heads.jsonl";

    /// <summary>The ES256 key that signs the heads, as PEM; made where it is missing.</summary>
    [Required]
    public string SigningKeyFile { get; set; } = "audit-signing-key.pem";

    /// <summary>How often new entries are sealed. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan SealInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the heads of chains that have grown are signed and copied. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "24:00:00")]
    public TimeSpan HeadInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Entries sealed in one transaction at most. Default 5,000.</summary>
    [Range(1, 100_000)]
    public int SealBatch { get; set; } = 5_000;
}
