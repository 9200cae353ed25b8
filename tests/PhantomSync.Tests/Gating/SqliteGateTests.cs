using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Gating;

public sealed class SqliteGateTests : GateContract
{
    private protected override Task<LedgerStore> OpenAsync() => Task.FromResult(LedgerStore.Sqlite());
}
