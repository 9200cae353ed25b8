namespace PhantomSync.Kafka.Consuming;

/// <summary>What happens to records of a kind that the wire format does not know.</summary>
public enum UnknownTypePolicy
{
    /// <summary>Kept in the dead letters until a release that knows them; they hold nothing up.</summary>
    DeadLetter,

    /// <summary>Counted and passed over.</summary>
    Skip,
}
