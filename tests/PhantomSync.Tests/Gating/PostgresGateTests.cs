using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Gating;

public sealed class PostgresGateTests(PostgresServer server) : GateContract
{
    private protected override Task<LedgerStore> OpenAsync() => LedgerStore.PostgresAsync(server);
}
