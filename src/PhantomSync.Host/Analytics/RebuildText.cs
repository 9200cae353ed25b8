using PhantomSync.Analytics;

namespace PhantomSync.Host.Analytics;

/// <summary>What <c>analytics rebuild</c> did, for people.</summary>
internal static class RebuildText
{
    public static void Write(TextWriter to, IReadOnlyList<RebuiltTable> tables)
    {
        foreach (var table in tables)
            to.WriteLine($"{table.Table,-24} {table.Before,14:N0} rows before {table.After,14:N0} after");
        to.WriteLine("The tables are rebuilt and in use.");
    }
}
