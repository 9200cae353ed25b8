namespace PhantomSync.Kafka;

/// <summary>Thrown by an armed <see cref="FailPoint"/>; never in production.</summary>
public sealed class FailPointException(string name) : Exception($"Fail point '{name}' is armed to throw.");
