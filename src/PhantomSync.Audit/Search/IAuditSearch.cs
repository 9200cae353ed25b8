namespace PhantomSync.Audit.Search;

/// <summary>Finds entries of one tenant. Nobody is told who looked; others read through <see cref="Reading.AuditReader"/>.</summary>
internal interface IAuditSearch
{
    /// <summary>A page of what matches, the newest first.</summary>
    /// <exception cref="ArgumentException">The query names no tenant, or its text, page size or cursor is not valid.</exception>
    Task<AuditPage> SearchAsync(AuditQuery query, CancellationToken cancellationToken);
}
