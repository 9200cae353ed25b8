namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>The tables of one service's outbox.</summary>
internal interface IOutboxStore
{
    /// <summary>Identifies the outbox in logs and metrics.</summary>
    string Name { get; }

    /// <summary>How many relay workers do good.</summary>
    int DefaultWorkers { get; }

    /// <summary>Whether the context's own tables exist: EF Core's <c>EnsureCreated</c> does nothing once any table exists, so ours come second.</summary>
    Task<bool> OwnTablesExistAsync(CancellationToken cancellationToken);

    /// <summary>Creates or upgrades the library's tables; harmless when they are up to date or when several do it at once.</summary>
    Task CreateSchemaAsync(CancellationToken cancellationToken);

    /// <summary>Opens a relay worker's session. It owns no lanes yet.</summary>
    Task<IOutboxSession> OpenAsync(CancellationToken cancellationToken);
}
