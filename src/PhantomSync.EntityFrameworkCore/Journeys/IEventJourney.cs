namespace PhantomSync.EntityFrameworkCore.Journeys;

/// <summary>What one service knows of events. There is one for each service of the process.</summary>
public interface IEventJourney
{
    /// <summary>The service's consumer group.</summary>
    string Service { get; }

    /// <summary>What became of an event here, as the service's own database knows it.</summary>
    /// <param name="sought">The event.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    Task<EventOutcome> OfAsync(SoughtEvent sought, CancellationToken cancellationToken);
}
