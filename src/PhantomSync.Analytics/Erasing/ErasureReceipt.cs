namespace PhantomSync.Analytics;

/// <summary>What was erased.</summary>
/// <param name="Erasure">Whom it concerned, who did it, when and why.</param>
/// <param name="Rows">How many rows of which table are gone or overwritten; a table without any is left out.</param>
public sealed record ErasureReceipt(Erasure Erasure, IReadOnlyDictionary<string, long> Rows);
