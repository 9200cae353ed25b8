namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>An index as the database has it.</summary>
/// <param name="IsUnique">Whether it keeps its columns unique.</param>
/// <param name="Columns">In its order; null stands for an expression.</param>
/// <param name="IsBuilt">False while <c>CREATE INDEX CONCURRENTLY</c> is at work, and where that has failed.</param>
internal sealed record FoundIndex(bool IsUnique, IReadOnlyList<string?> Columns, bool IsBuilt = true);
