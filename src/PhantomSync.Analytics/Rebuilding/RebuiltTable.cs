namespace PhantomSync.Analytics;

/// <summary>A table that was made anew.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Before">Rows of the window that it had.</param>
/// <param name="After">Rows of the window that the source makes.</param>
public sealed record RebuiltTable(string Table, long Before, long After);
