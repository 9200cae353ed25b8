using MassTransit;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

public sealed class PostgresPessimisticSagaTests(PostgresServer server) : SagaContract
{
    protected override ConcurrencyMode Mode => ConcurrencyMode.Pessimistic;

    protected override Task<LedgerStore> CreateStoreAsync() => LedgerStore.PostgresAsync(server);
}
