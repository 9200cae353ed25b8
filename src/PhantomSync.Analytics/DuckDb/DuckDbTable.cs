using DuckDB.NET.Data;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>How rows of one kind get into their table.</summary>
/// <param name="Columns">Names and types, in the order of <paramref name="Append"/>.</param>
/// <param name="Identity">The columns that make two rows the same.</param>
/// <param name="Compared"><see cref="IMetricRow.Compared"/>, made of the columns.</param>
/// <param name="Append">Writes a row's values.</param>
internal sealed record DuckDbTable<TRow>(string Columns, string[] Identity, string Compared, Action<IDuckDBAppenderRow, TRow> Append)
    : IDuckDbTable
    where TRow : class, IMetricRow
{
    public string Name => TRow.Table;
}
