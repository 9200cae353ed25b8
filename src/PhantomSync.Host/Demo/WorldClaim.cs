using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Demo;

/// <summary>
/// The part of the simulated platform that this process writes: a world, with tenants of its own. Several hosts may run the demo
/// on one database; each takes the first world that nobody has, that of a host that died before a new one. The claim is a lock
/// of the database session, so it ends with the process.
/// </summary>
internal sealed class WorldClaim : IAsyncDisposable
{
    private const int MostWorlds = 64;

    /// <summary>The advisory locks of the demo, apart from those of others.</summary>
    private const int LockClass = 0x7068_6470;

    private readonly string? _connectionString;
    private readonly SemaphoreSlim _renewing = new(1);
    private NpgsqlConnection? _session;

    private WorldClaim(string? connectionString) => _connectionString = connectionString;

    /// <summary>Counts from 1.</summary>
    public int World { get; private set; } = 1;

    public static async Task<WorldClaim> TakeAsync(PlatformDbContext platform, CancellationToken cancellationToken)
    {
        // An SQLite file has one host at a time anyway.
        if (!platform.Database.IsNpgsql())
            return new WorldClaim(null);

        var claim = new WorldClaim(new NpgsqlConnectionStringBuilder(platform.Database.GetConnectionString()) { Pooling = false }.ConnectionString);
        await claim.OpenAsync(cancellationToken);
        for (var world = 1; world <= MostWorlds; world++)
        {
            if (!await claim.TryLockAsync(world, cancellationToken))
                continue;
            claim.World = world;
            return claim;
        }

        await claim.DisposeAsync();
        throw new UserErrorException($"{MostWorlds} demos run on this database; there is no room for another.");
    }

    /// <summary>To be called when the database was away: the lock went with its session.</summary>
    /// <exception cref="UserErrorException">Another host has taken the world meanwhile.</exception>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        // Several writers notice the same outage.
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_session is null || await IsAliveAsync(_session, cancellationToken))
                return;
            await _session.DisposeAsync();
            await OpenAsync(cancellationToken);
            if (await TryLockAsync(World, cancellationToken))
                return;
        }
        finally
        {
            _renewing.Release();
        }

        throw new UserErrorException($"While the database was away, another host took over the tenants of world {World}. Nothing is lost; start this demo again and it takes other ones.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
        _renewing.Dispose();
    }

    private static async Task<bool> IsAliveAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", session);
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _session = new NpgsqlConnection(_connectionString);
        await _session.OpenAsync(cancellationToken);
    }

    private async Task<bool> TryLockAsync(int world, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(@class, @world)", _session);
        command.Parameters.AddWithValue("class", LockClass);
        command.Parameters.AddWithValue("world", world);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
