using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace PhantomSync.Kafka.Connecting;

/// <summary>What producer, consumers and admin client share. Bind it from the section <c>Kafka</c>.</summary>
public sealed partial class KafkaClientOptions : IValidatableObject
{
    /// <summary>Brokers to start from, <c>host:port</c>, comma-separated. Empty: the embedded broker.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The service's stable name; part of the client id.</summary>
    public string Service { get; set; } = "phantomsync";

    /// <summary>What brokers call this client in logs and quotas. Default: <c>{service}-{machine}</c>. Never part of a group id.</summary>
    public string? ClientId { get; set; }

    /// <summary>How consumer groups share out partitions.</summary>
    public GroupProtocolChoice GroupProtocol { get; set; } = GroupProtocolChoice.Auto;

    /// <summary>The profile for a broker that keeps its log in memory: set for the embedded one, never for a real cluster.</summary>
    public bool VolatileProfile { get; set; }

    /// <summary>The producer's compression.</summary>
    public CompressionType Compression { get; set; } = CompressionType.Snappy;

    /// <summary>How long a batch waits for more records. 1 ms costs nobody patience; raise it where throughput matters more.</summary>
    [Range(0, 60_000)]
    public double LingerMs { get; set; } = 1;

    /// <summary>
    /// Bytes of a batch at most. The source design has 16,384, which sends sixty times as many requests as librdkafka's own default
    /// of 1,000,000 does under load; a lone record leaves after <see cref="LingerMs"/> under either.
    /// </summary>
    [Range(1, 2_147_483_647)]
    public int BatchBytes { get; set; } = 1_000_000;

    /// <summary>A record's largest size. Must not exceed the topic's <c>max.message.bytes</c>.</summary>
    [Range(1_000, 1_000_000_000)]
    public int MaxMessageBytes { get; set; } = 1_000_000;

    /// <summary>Memory for records that are not acknowledged yet; when it is full, sending is refused until it is not.</summary>
    [Range(1_024, 2_097_151)]
    public int QueueKilobytes { get; set; } = 65_536;

    /// <summary>Time without a poll after which the brokers take a consumer for dead.</summary>
    [Range(10_000, 86_400_000)]
    public int MaxPollIntervalMs { get; set; } = 300_000;

    /// <summary>Time without a heartbeat after which a member of a classic group is taken for dead. (With the new protocol the brokers decide.)</summary>
    [Range(1_000, 1_800_000)]
    public int SessionTimeoutMs { get; set; } = 45_000;

    /// <summary>
    /// Any of librdkafka's settings by its own name (<c>security.protocol</c>, <c>sasl.mechanism</c>, <c>ssl.ca.location</c>,
    /// <c>fetch.min.bytes</c> …); they win over everything above. A secret may be given as <c>env:NAME</c> or <c>file:/path</c>.
    /// </summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The last word on each client's configuration, in code.</summary>
    public Action<ClientConfig>? Configure { get; set; }

    /// <summary>Called when an OAUTHBEARER token is due, with the client and <c>sasl.oauthbearer.config</c>; answers with <c>OAuthBearerSetToken</c> or <c>…SetTokenFailure</c>.</summary>
    public Action<IClient, string>? RefreshOAuthToken { get; set; }

    internal string EffectiveClientId => ClientId ?? $"{Service}-{Environment.MachineName}";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var server in BootstrapServers.Split(',', StringSplitOptions.TrimEntries))
        {
            if (BootstrapServers.Length > 0 && !HostAndPort().IsMatch(server))
                yield return new ValidationResult($"Kafka:BootstrapServers: '{server}' is not host:port. Write kafka-1:9092,kafka-2:9092 for instance.", [nameof(BootstrapServers)]);
        }

        if (string.IsNullOrWhiteSpace(Service))
            yield return new ValidationResult("Kafka:Service is empty. Give the service's stable name.", [nameof(Service)]);
        if (VolatileProfile && GroupProtocol == GroupProtocolChoice.Classic)
            yield return new ValidationResult("Kafka:GroupProtocol=Classic makes every rebalance of the embedded broker last seconds. Use Auto or Consumer.", [nameof(GroupProtocol)]);
        foreach (var (name, value) in Settings)
        {
            if (SettingScope.Fixed.Contains(name, StringComparer.Ordinal))
                yield return new ValidationResult($"Kafka:Settings:{name} cannot be set: delivery depends on it. Remove it.", [nameof(Settings)]);
            if (Secrets.IsReference(value) && Secrets.Problem(name, value) is { } problem)
                yield return new ValidationResult(problem, [nameof(Settings)]);
        }
    }

    /// <summary>The effective settings, one per line, with secrets masked.</summary>
    public string Describe() => Secrets.Describe(new Dictionary<string, string>(Settings, StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = BootstrapServers,
        ["client.id"] = EffectiveClientId,
        ["group.protocol"] = GroupProtocol.ToString(),
        ["compression.type"] = Compression.ToString(),
        ["linger.ms"] = LingerMs.ToString(CultureInfo.InvariantCulture),
        ["batch.size"] = BatchBytes.ToString(CultureInfo.InvariantCulture),
        ["message.max.bytes"] = MaxMessageBytes.ToString(CultureInfo.InvariantCulture),
    });

    [GeneratedRegex(@"^(\[[0-9a-fA-F:.]+\]|[\w.-]+):([1-9]\d{0,4})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostAndPort();
}
