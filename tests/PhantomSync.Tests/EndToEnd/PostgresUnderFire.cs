using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.EndToEnd;

[Collection(nameof(OutsideTrouble))]
public sealed class PostgresUnderFire(PostgresServer server) : ProofUnderFire
{
    internal override async Task<DemoBed> CreateBedAsync() => new(await server.CreateDatabaseAsync());
}
