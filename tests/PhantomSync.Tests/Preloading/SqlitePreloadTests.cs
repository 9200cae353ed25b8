using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Preloading;

public sealed class SqlitePreloadTests : PreloadContract
{
    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}
