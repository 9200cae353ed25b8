using System.Text.Json.Serialization;

namespace PhantomSync.Kafka.Embedded;

/// <summary>The first line a broker process prints.</summary>
/// <param name="BootstrapServers">Where it listens.</param>
/// <param name="Incarnation">New with every start: the log and the groups' offsets of another incarnation are gone.</param>
internal sealed record BrokerReady(string BootstrapServers, Guid Incarnation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BrokerReady))]
internal sealed partial class BrokerJson : JsonSerializerContext;
