using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Inbox;

public sealed class PostgresInboxRotationTests(PostgresServer server) : InboxRotationContract
{
    protected override Task<LedgerStore> CreateStoreAsync() => LedgerStore.PostgresAsync(server);
}
