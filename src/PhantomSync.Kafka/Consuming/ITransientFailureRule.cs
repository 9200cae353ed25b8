namespace PhantomSync.Kafka.Consuming;

/// <summary>Knows the failures of one store or client.</summary>
public interface ITransientFailureRule
{
    /// <summary>True if the failure passes by itself, false if it does not, null if this rule knows nothing of it.</summary>
    bool? IsTransient(Exception exception);
}
