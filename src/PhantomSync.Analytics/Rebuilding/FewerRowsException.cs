namespace PhantomSync.Analytics;

/// <summary>A rebuild would have lost rows; nothing was changed.</summary>
public sealed class FewerRowsException : Exception
{
    /// <param name="tables">What was there and what the source makes.</param>
    public FewerRowsException(IReadOnlyList<RebuiltTable> tables)
        : base("The source makes fewer rows than there are: "
            + string.Join(", ", tables.Where(table => table.After < table.Before).Select(table => $"{table.Table} {table.After:N0} instead of {table.Before:N0}")) + ".") => Tables = tables;

    /// <summary>What was there and what the source makes.</summary>
    public IReadOnlyList<RebuiltTable> Tables { get; }
}
