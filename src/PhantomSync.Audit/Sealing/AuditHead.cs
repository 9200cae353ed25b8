using System.Text.Json.Serialization;

namespace PhantomSync.Audit.Sealing;

/// <summary>A signed statement: this tenant's chain had this many entries and this hash at its end.</summary>
public sealed record AuditHead
{
    [JsonPropertyName("tenant_id")]
    public required string TenantId { get; init; }

    [JsonPropertyName("sequence")]
    public required long Sequence { get; init; }

    /// <summary>In hexadecimal.</summary>
    [JsonPropertyName("hash")]
    public required string Hash { get; init; }

    [JsonPropertyName("signed_at")]
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>Which key signed: the first 16 hexadecimal digits of the SHA-256 of its public half.</summary>
    [JsonPropertyName("key_id")]
    public required string KeyId { get; init; }

    /// <summary>ES256 over tenant, sequence, hash and time; base 64.</summary>
    [JsonPropertyName("signature")]
    public string Signature { get; init; } = "";
}
