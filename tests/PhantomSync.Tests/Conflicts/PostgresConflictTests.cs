using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Conflicts;

public sealed class PostgresConflictTests(PostgresServer server) : ConflictContract
{
    protected override Task<OrderBed> CreateBedAsync() => OrderBed.PostgresAsync(server);
}
