using MassTransit;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Sagas.Persistence;

public sealed class SqliteOptimisticSagaTests : SagaContract
{
    protected override ConcurrencyMode Mode => ConcurrencyMode.Optimistic;

    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}
