using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>What one kind of database knows of its own tables.</summary>
internal interface ICatalogue
{
    /// <summary>Whether a check, a foreign key or a unique constraint can be added to a table that is there.</summary>
    bool AddsConstraints { get; }

    /// <summary>Looks the tables up with one query, in the context's transaction.</summary>
    /// <returns>Those that are there.</returns>
    Task<IReadOnlyDictionary<ITable, FoundTable>> ReadAsync(DbContext context, IReadOnlyList<ITable> tables, CancellationToken cancellationToken);

    /// <summary>Whether two spellings mean one type of column.</summary>
    Task<bool> IsSameTypeAsync(DbContext context, string one, string other, CancellationToken cancellationToken);
}
