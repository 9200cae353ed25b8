using System.Transactions;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Publishing;

public sealed class PostgresPublishingTests(PostgresServer server) : PublishingContract
{
    /// <summary>Not in the contract: Microsoft.Data.Sqlite takes no part in System.Transactions.</summary>
    [Fact]
    public async Task A_TransactionScope_publishes_when_it_completes()
    {
        var bed = await StartAsync();
        foreach (var complete in new[] { false, true })
        {
            using var ambient = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            await bed.PublishAsync(RiderBed.Created($"{complete}"));
            if (complete)
                ambient.Complete();
        }

        (await bed.NotesAsync(1)).ShouldBe(["True"]);
    }

    protected override Task<LedgerStore> CreateStoreAsync() => LedgerStore.PostgresAsync(server);
}
