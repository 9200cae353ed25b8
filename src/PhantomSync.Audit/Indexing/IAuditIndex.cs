namespace PhantomSync.Audit.Indexing;

/// <summary>A searchable copy of the trail. It may be behind, and can be made anew from the record of truth.</summary>
public interface IAuditIndex
{
    /// <summary>Adds what is not there yet; an entry that is there stays as it is.</summary>
    /// <exception cref="DocumentRefusedException">The engine will never take one of them; the others are in.</exception>
    /// <exception cref="HttpRequestException">The engine is away or overloaded; nothing is lost by trying again.</exception>
    Task AddAsync(IReadOnlyList<IndexedEntry> entries, CancellationToken cancellationToken);

    /// <summary>Puts an entry in the place of what stands there under its id.</summary>
    Task ReplaceAsync(IndexedEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes everything, or everything of one index.</summary>
    /// <param name="month">Such as <c>2026-03</c>; null for all.</param>
    Task ClearAsync(string? month, CancellationToken cancellationToken);
}
