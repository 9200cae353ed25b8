using MassTransit;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

public sealed class PostgresOptimisticSagaTests(PostgresServer server) : SagaContract
{
    protected override ConcurrencyMode Mode => ConcurrencyMode.Optimistic;

    protected override Task<LedgerStore> CreateStoreAsync() => LedgerStore.PostgresAsync(server);
}
