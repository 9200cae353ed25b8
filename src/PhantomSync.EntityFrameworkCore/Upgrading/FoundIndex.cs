namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>An index as the database has it.</summary>
/// <param name="Columns">In its order; null stands for an expression.</param>
internal sealed record FoundIndex(bool IsUnique, IReadOnlyList<string?> Columns);
