using Npgsql;
using PhantomSync.Tests.Postgres;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace PhantomSync.Tests.Postgres;

/// <summary>
/// The PostgreSQL server of all tests: the one PHANTOM_POSTGRES names, else a private cluster for the time of the run. Where
/// there is none, tests skip on a developer's machine and fail where CI=true.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private PostgresCluster? _cluster;
    private string _connectionString = "";
    private int _databases;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("PHANTOM_POSTGRES") is { Length: > 0 } given)
        {
            _connectionString = given;
            return;
        }

        if (PostgresCluster.Missing is not null)
            return;
        _cluster = await PostgresCluster.CreateAsync("-c max_connections=500 -c shared_buffers=256MB -c max_wal_size=2GB -c autovacuum_naptime=5s");
        await _cluster.StartAsync();
        _connectionString = _cluster.ConnectionString;
    }

    /// <summary>Skips the test where there is no PostgreSQL, and fails it where CI=true.</summary>
    public static void SkipIfMissing()
    {
        if (PostgresCluster.Missing is not null && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(PostgresCluster.Missing);
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
    }

    /// <summary>Creates a database of the test's own and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        if (_connectionString.Length == 0)
            SkipIfMissing();

        var name = $"t{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        foreach (var statement in new[] { $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"CREATE DATABASE {name}" })
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }

        // Every test has a database and so a pool of its own: what it leaves behind must not use the server up.
        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = name, MaxPoolSize = 20, ConnectionIdleLifetime = 5, ConnectionPruningInterval = 2 }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
