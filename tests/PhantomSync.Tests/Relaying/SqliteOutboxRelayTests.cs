using PhantomSync.Tests.Outbox;

namespace PhantomSync.Tests.Relaying;

public sealed class SqliteOutboxRelayTests : OutboxRelayContract
{
    protected override Task<OutboxBed> CreateBedAsync() => OutboxBed.SqliteAsync();
}
