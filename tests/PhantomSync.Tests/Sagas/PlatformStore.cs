using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Sagas;

/// <summary>Where the services of a test keep their data.</summary>
/// <param name="Database">A service's database, by its name.</param>
/// <param name="Use">Its provider.</param>
/// <param name="CleanUp">What is to be done in the end.</param>
internal sealed record PlatformStore(Func<string, Action<DbContextOptionsBuilder>> Database, Action<EntityFrameworkOutboxConfigurator> Use, Action CleanUp)
{
    public static PlatformStore Sqlite()
    {
        var folder = Directory.CreateTempSubdirectory("phantom-sagas-");
        return new(service => options => options.UseSqlite($"Data Source={folder.FullName}/{service}.db;Pooling=False"), outbox => outbox.UseSqlite(), () => folder.Delete(recursive: true));
    }

    public static async Task<PlatformStore> PostgresAsync(PostgresServer server)
    {
        var connection = await server.CreateDatabaseAsync();
        return new(_ => options => options.UseNpgsql(connection), outbox => outbox.UsePostgres(), () => { });
    }
}
