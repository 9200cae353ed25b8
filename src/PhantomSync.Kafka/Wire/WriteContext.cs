namespace PhantomSync.Kafka.Wire;

/// <summary>The circumstances in which a message is written, for what its publisher left open.</summary>
/// <param name="Cause">The message in whose handling this one is written, if any.</param>
/// <param name="Service">The stable name of the service that writes it.</param>
/// <param name="ServiceVersion">That service's release.</param>
/// <param name="Time">The clock for <see cref="MessageEnvelope.OccurredAt"/>.</param>
public readonly record struct WriteContext(MessageEnvelope? Cause, string Service, string ServiceVersion, TimeProvider Time);
