using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Publishing;

public sealed class SqlitePublishingTests : PublishingContract
{
    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}
