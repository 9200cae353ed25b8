using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Inbox;

public sealed class PostgresInboxTests(PostgresServer server) : InboxContract
{
    protected override Task<LedgerStore> CreateStoreAsync() => LedgerStore.PostgresAsync(server);
}
