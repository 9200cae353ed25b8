using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Inbox;

public sealed class SqliteInboxTests : InboxContract
{
    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}
