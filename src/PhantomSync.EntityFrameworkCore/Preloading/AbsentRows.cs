using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore.Preloading;

/// <summary>The rows that a context's transaction has looked for and not found, until something is written through the context.</summary>
internal sealed class AbsentRows
{
    private static readonly ConditionalWeakTable<DbContext, AbsentRows> ByContext = [];

    private readonly Dictionary<string, HashSet<RowKey>> _byQuery = new(StringComparer.Ordinal);

    /// <summary>Is shown the next query instead of having it answered.</summary>
    public Action<DbCommand>? Observing { get; set; }

    public string? Seen { get; set; }

    public static AbsentRows Of(DbContext context) => ByContext.GetOrCreateValue(context);

    public static AbsentRows? Find(DbContext? context) => context is not null && ByContext.TryGetValue(context, out var rows) ? rows : null;

    public void Add(string query, IEnumerable<RowKey> keys)
    {
        if (_byQuery.TryGetValue(query, out var known))
            known.UnionWith(keys);
        else
            _byQuery.Add(query, [.. keys]);
    }

    public bool Contains(DbCommand query) => _byQuery.TryGetValue(query.CommandText, out var keys) && keys.Contains(FindQuery.KeyOf(query));

    public void Forget() => _byQuery.Clear();
}
