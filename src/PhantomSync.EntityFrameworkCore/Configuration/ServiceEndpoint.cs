using MassTransit;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>One service's consumer group, ready to be added to the rider.</summary>
internal sealed record ServiceEndpoint(string Group, Action<IRiderRegistrationContext, ITopicEndpointConfigurator> Configure);
