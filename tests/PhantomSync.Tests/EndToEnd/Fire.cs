namespace PhantomSync.Tests.EndToEnd;

/// <summary>Tests that start several hosts: one at a time, so that they have the machine's processors to themselves.</summary>
[CollectionDefinition(nameof(Fire))]
public sealed class Fire;
