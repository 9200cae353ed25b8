using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Scheduling;

/// <summary>
/// The messages that services schedule for themselves and that are no events of the catalogue: timeouts of sagas and of requests.
/// Each service has a topic of its own for them; nobody else reads it.
/// </summary>
internal sealed class ScheduledTypes
{
    private readonly ConcurrentDictionary<string, WireMessage> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Service, Type Type), WireMessage> _byType = new();

    public bool IsEmpty => _byName.IsEmpty;

    public static string TopicOf(string service) => $"phantom.{service}.timeouts";

    public void Add(string service, Type messageType)
    {
        var message = new WireMessage($"{service}:{NameOf(messageType)}", messageType, TopicOf(service));
        _byName[message.Name] = message;
        _byType[(service, messageType)] = message;
    }

    public bool TryGet(string name, [NotNullWhen(true)] out WireMessage? message) => _byName.TryGetValue(name, out message);

    public bool TryGet(string service, Type messageType, [NotNullWhen(true)] out WireMessage? message) => _byType.TryGetValue((service, messageType), out message);

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}.{string.Join('.', type.GenericTypeArguments.Select(NameOf))}"
        : type.Name;
}
