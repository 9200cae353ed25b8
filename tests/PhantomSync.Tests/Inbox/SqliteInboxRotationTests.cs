using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Inbox;

public sealed class SqliteInboxRotationTests : InboxRotationContract
{
    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}
