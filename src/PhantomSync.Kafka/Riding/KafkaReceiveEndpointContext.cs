using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.Kafka.Riding;

/// <summary>What MassTransit needs to know of a topic endpoint.</summary>
internal sealed class KafkaReceiveEndpointContext(IBusInstance bus, IReceiveEndpointConfiguration configuration)
    : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
{
    private readonly ConcurrentDictionary<Type, string[]> _typeNames = new();

    public string[] MessageTypeNames(WireMessage type) => _typeNames.GetOrAdd(type.MessageType, static t => [MessageUrn.ForTypeString(t)]);

    public override Exception ConvertException(Exception exception, string message) => new InvalidOperationException($"{message} {InputAddress}", exception);

    public override void AddSendAgent(IAgent agent) =>
        throw new NotSupportedException("A topic endpoint has no send agents; messages leave through the outbox or the bus.");

    public override void AddConsumeAgent(IAgent agent) =>
        throw new NotSupportedException("A topic endpoint supervises its consumer itself.");

    public override void Probe(ProbeContext context) => context.Add("type", "kafka");

    protected override ISendTransportProvider CreateSendTransportProvider() => throw new NotSupportedException("A topic endpoint sends through the bus.");

    protected override IPublishTransportProvider CreatePublishTransportProvider() => throw new NotSupportedException("A topic endpoint publishes through the bus.");

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => bus.Bus;

    protected override ISendEndpointProvider CreateSendEndpointProvider() => bus.Bus;
}
