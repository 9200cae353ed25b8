namespace PhantomSync.Analytics.DuckDb;

/// <summary>A table, whatever its rows are here.</summary>
internal interface IDuckDbTable
{
    string Name { get; }

    string Columns { get; }

    string[] Identity { get; }

    string Compared { get; }
}
