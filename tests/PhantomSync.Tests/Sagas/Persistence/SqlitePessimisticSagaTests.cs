using MassTransit;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

public sealed class SqlitePessimisticSagaTests : SagaContract
{
    protected override ConcurrencyMode Mode => ConcurrencyMode.Pessimistic;

    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}
