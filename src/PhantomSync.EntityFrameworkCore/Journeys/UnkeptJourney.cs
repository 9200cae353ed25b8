using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Journeys;

/// <summary>Of a service whose store is no context, and that has no inbox.</summary>
internal sealed class UnkeptJourney(string service, EndpointDirectory endpoints) : IEventJourney
{
    public string Service => service;

    public Task<EventOutcome> OfAsync(SoughtEvent sought, CancellationToken cancellationToken) =>
        Task.FromResult(new EventOutcome(service, endpoints.Takes(service, sought.EventType) ? EventStage.NotKept : EventStage.NotTaken));
}
