using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Sagas.Tenants;

public sealed class PostgresSuspensionTests(PostgresServer server) : SuspensionContract
{
    private protected override Task<PlatformStore> OpenAsync() => PlatformStore.PostgresAsync(server);
}
