namespace PhantomSync.Kafka.History;

/// <summary>Topics cannot be read from their beginning to their end; the message says why, and what to do.</summary>
public sealed class HistoryUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
