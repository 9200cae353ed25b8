using Npgsql;
using PhantomSync.Benchmarks.Workloads;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Benchmarks.Servers;

/// <summary>The servers of all runs: PostgreSQL, and where PHANTOM_KAFKA does not name brokers, an embedded one per run.</summary>
internal sealed class TestServers : IAsyncDisposable
{
    private readonly PostgresCluster? _cluster;
    private readonly string _postgres;
    private int _stages;

    private TestServers(PostgresCluster? cluster, string postgres) => (_cluster, _postgres) = (cluster, postgres);

    public static string? Kafka { get; } = Environment.GetEnvironmentVariable("PHANTOM_KAFKA") is { Length: > 0 } given ? given : null;

    /// <exception cref="InvalidOperationException">There is no PostgreSQL.</exception>
    /// <param name="statements">Whether PostgreSQL keeps statistics of statements; its contrib module must be installed.</param>
    public static async Task<TestServers> StartAsync(bool statements)
    {
        if (Environment.GetEnvironmentVariable("PHANTOM_POSTGRES") is { Length: > 0 } given)
            return new TestServers(null, given);
        var cluster = await PostgresCluster.CreateAsync(
            "-c max_connections=100 -c shared_buffers=512MB -c max_wal_size=8GB -c checkpoint_timeout=30min -c fsync=on -c synchronous_commit=on"
            + (statements ? " -c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track_planning=on" : ""));
        await cluster.StartAsync();
        Cost.Postmaster = cluster.ProcessId;
        return new TestServers(cluster, cluster.ConnectionString);
    }

    /// <summary>A database, a broker and a topic that nobody has used. Npgsql prepares what is said often, for either side.</summary>
    public async Task<Stage> SetStageAsync(CancellationToken cancellationToken)
    {
        // The process id keeps runs apart on servers that outlive them.
        var name = $"bench_{Environment.ProcessId}_{++_stages}";
        await ExecuteAsync(_postgres, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellationToken);
        await ExecuteAsync(_postgres, $"CREATE DATABASE {name}", cancellationToken);
        var database = new NpgsqlConnectionStringBuilder(_postgres) { Database = name, MaxPoolSize = 40, MaxAutoPrepare = 100, NoResetOnClose = true }.ConnectionString;
        return await Stage.SetAsync(database, name.Replace('_', '.'), () => ExecuteAsync(_postgres, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private static async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
