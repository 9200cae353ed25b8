using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PhantomSync.Kafka.Consuming;

/// <summary>The topic endpoints of this process, for whoever has a record to be handled that does not come from Kafka. Thread-safe.</summary>
public sealed class EndpointDirectory
{
    private readonly ConcurrentDictionary<string, EndpointDoor> _doors = new(StringComparer.Ordinal);

    /// <summary>The endpoint of a consumer group; there is one once the bus has been built.</summary>
    public bool TryGet(string group, [NotNullWhen(true)] out EndpointDoor? door) => _doors.TryGetValue(group, out door);

    /// <summary>Whether an endpoint's handlers take messages of that name.</summary>
    public bool Takes(string group, string name) => TryGet(group, out var door) && door.Takes(name);

    internal void Add(string group, EndpointDoor door) => _doors[group] = door;
}
