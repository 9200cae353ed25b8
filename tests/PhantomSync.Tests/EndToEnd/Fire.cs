namespace PhantomSync.Tests.EndToEnd;

/// <summary>Tests that start several hosts. One at a time of each of the two kinds: more would only wait for the machine's processors.</summary>
[CollectionDefinition(nameof(Fire))]
public sealed class Fire;
