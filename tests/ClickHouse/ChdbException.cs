namespace PhantomSync.Tests.Analytics.ClickHouse;

/// <summary>What the engine says of a statement that it does not take.</summary>
internal sealed class ChdbException(string message) : Exception(message);
