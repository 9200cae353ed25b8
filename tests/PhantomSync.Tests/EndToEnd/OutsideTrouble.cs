namespace PhantomSync.Tests.EndToEnd;

/// <summary>The other half of the tests that start several hosts: those in which PostgreSQL and brokers suffer.</summary>
[CollectionDefinition(nameof(OutsideTrouble))]
public sealed class OutsideTrouble;
