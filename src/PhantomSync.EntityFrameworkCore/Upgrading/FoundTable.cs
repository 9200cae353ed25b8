namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>A table as the database has it.</summary>
internal sealed class FoundTable
{
    public Dictionary<string, FoundColumn> Columns { get; } = new(StringComparer.Ordinal);

    /// <summary>The primary key's columns, in its order.</summary>
    public IReadOnlyList<string?> PrimaryKey { get; set; } = [];

    public Dictionary<string, FoundIndex> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of checks, foreign keys and unique constraints.</summary>
    public HashSet<string> Constraints { get; } = new(StringComparer.Ordinal);
}
