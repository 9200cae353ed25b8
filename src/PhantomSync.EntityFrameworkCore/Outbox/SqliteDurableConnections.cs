using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>
/// Makes every connection of a context wait for the writer before it and put each commit on the disk. Add it with
/// <c>options.AddInterceptors(SqliteDurableConnections.Instance)</c>.
/// </summary>
public sealed class SqliteDurableConnections : DbConnectionInterceptor
{
    internal const string Settings = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL;";

    private SqliteDurableConnections()
    {
    }

    public static SqliteDurableConnections Instance { get; } = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Settings;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Settings;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
