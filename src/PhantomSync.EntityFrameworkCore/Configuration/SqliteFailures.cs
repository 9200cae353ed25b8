using Microsoft.Data.Sqlite;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>SQLite's failures that pass: another writer, a full or write-protected disk, no memory, tables that are being upgraded.</summary>
internal sealed class SqliteFailures : ITransientFailureRule
{
    public bool? IsTransient(Exception exception) => exception is SqliteException sqlite
        ? sqlite.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 13 or 14 or 15 or 17 // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL, SCHEMA
        : null;
}
