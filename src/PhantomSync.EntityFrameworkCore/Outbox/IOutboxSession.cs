namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// One relay worker's connection and the lanes it owns. Ownership ends with the connection, and everything below runs on it:
/// who has lost the connection can neither read nor delete. For one caller at a time. Any exception ends the session.
/// </summary>
internal interface IOutboxSession : IAsyncDisposable
{
    /// <summary>Takes free lanes up to a fair share and gives up those above it. Only between cycles.</summary>
    Task<LaneChange> EnsureLanesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads ready rows of the owned lanes into <paramref name="rows"/>: rows of one key in order, none left out before another.
    /// Releases held rows whose time has come, and those that a leaving row of their key must not overtake.
    /// </summary>
    Task ReadAsync(ReadRequest request, List<OutboxRow> rows, CancellationToken cancellationToken);

    /// <summary>Removes rows for good.</summary>
    Task DeleteAsync(long[] positions, Guid[] ids, CancellationToken cancellationToken);

    /// <summary>Moves a row to the dead letters, in one transaction; durable when it returns.</summary>
    Task DeadLetterAsync(OutboxRow row, string reason, int attempts, CancellationToken cancellationToken);

    /// <summary>Volatile broker: keeps rows that were sent until they are consumed.</summary>
    Task MarkSentAsync(long[] positions, CancellationToken cancellationToken);

    /// <summary>Volatile broker: makes all rows of the lanes that were sent ready again; null for all owned lanes.</summary>
    Task<int> UnmarkSentAsync(short[]? lanes, CancellationToken cancellationToken);

    /// <summary>Shows other hosts that this one is alive, and finds out whether the connection is.</summary>
    Task HeartbeatAsync(CancellationToken cancellationToken);

    Task<Backlog> MeasureAsync(CancellationToken cancellationToken);
}
