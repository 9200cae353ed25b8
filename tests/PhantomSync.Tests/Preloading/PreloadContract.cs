using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Preloading;

/// <summary>What holds when a service looks for the rows of a whole batch at once, on every store.</summary>
public abstract class PreloadContract : LedgerContract
{
    [Fact]
    public async Task Handlers_find_or_add_the_rows_of_a_batch_with_one_query()
    {
        var queries = new AccountQueries();
        var contexts = new HashSet<LedgerContext>();
        using var cluster = new MockCluster();
        var bed = await FeedAsync(
            cluster,
            Enumerable.Range(0, 120).Select(i => RiderBed.Created($"{i}", model: $"m{i % 40}")),
            queries,
            async deed =>
            {
                contexts.Add(deed.Ledger);
                (await FindOrAddAsync(deed)).Balance++;
            });
        await bed.NotesAsync(120);
        Convert.ToInt32(await bed.ScalarAsync("SELECT count(*) FROM accounts WHERE \"Balance\" = 3")).ShouldBe(40);
        bed.Script.Attempts.Count.ShouldBe(120, "no handler had to be run again");
        queries.Asked.ShouldBeLessThanOrEqualTo(contexts.Count + 1, "a query per batch, and one to learn what FindAsync asks");
        await bed.DisposeAsync();
    }

    [Fact]
    public async Task A_row_that_a_handler_has_saved_and_let_go_of_is_found_again()
    {
        using var cluster = new MockCluster();
        var bed = await FeedAsync(
            cluster,
            Enumerable.Range(0, 30).Select(i => RiderBed.Created($"{i}", model: $"m{i % 3}")),
            new AccountQueries(),
            async deed =>
            {
                (await FindOrAddAsync(deed)).Balance++;
                await deed.Ledger.SaveChangesAsync(Cancel);
                deed.Ledger.ChangeTracker.Clear();
            });
        await bed.NotesAsync(30);
        Convert.ToInt32(await bed.ScalarAsync("SELECT count(*) FROM accounts WHERE \"Balance\" = 10")).ShouldBe(3);
        bed.Script.Attempts.Count.ShouldBe(30);
        await bed.DisposeAsync();
    }

    [Fact]
    public async Task A_row_that_appeared_meanwhile_is_found_when_the_batch_is_tried_again()
    {
        var interfered = 0;
        using var cluster = new MockCluster();
        var bed = await FeedAsync(
            cluster,
            Enumerable.Range(0, 20).Select(i => RiderBed.Created($"{i}", model: $"m{i}")),
            new AccountQueries(),
            async deed =>
            {
                var account = await FindOrAddAsync(deed);
                account.Balance++;
                if (deed.Note != "7" || Interlocked.Exchange(ref interfered, 1) != 0)
                    return;
                if (!Store.IsPostgres)
                    throw new FormatException("SQLite has one writer: nobody can interfere for real");
                await using var scope = deed.Services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
                var other = scope.ServiceProvider.GetRequiredService<LedgerContext>();
                other.Add(new Account { Name = "m7", Balance = 100 });
                await other.SaveChangesAsync(Cancel);
            });
        await bed.NotesAsync(20);
        Convert.ToInt32(await bed.ScalarAsync("SELECT \"Balance\" FROM accounts WHERE \"Name\" = 'm7'")).ShouldBe(Store.IsPostgres ? 101 : 1);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
        await bed.DisposeAsync();
    }

    [Fact]
    public async Task A_key_of_other_parts_than_the_entitys_is_a_dead_letter_that_says_so()
    {
        var bed = await StartAsync(new Plan { Service = service => service.Consumer<ApplyModel>().Preload<ModelCreated, Account>(e => [e.TenantId, e.ModelId]) });
        await bed.ProduceAsync(RiderBed.Created("one"));
        await bed.LettersAsync(1);
        ((string?)await bed.ScalarAsync("SELECT reason FROM dead_letter"))!.ShouldContain("the primary key of Account is (String Name), but the key given is (String, String)");
    }

    private static async Task<Account> FindOrAddAsync(Deed deed)
    {
        var model = ((ModelCreated)deed.Event).ModelId;
        return await deed.Ledger.Accounts.FindAsync([model], Cancel) ?? deed.Ledger.Accounts.Add(new Account { Name = model }).Entity;
    }

    /// <summary>The events are there before the service is, so that they come in batches.</summary>
    private async Task<RiderBed> FeedAsync(MockCluster cluster, IEnumerable<ModelCreated> events, AccountQueries queries, Func<Deed, Task> act)
    {
        var feeder = await StartAsync(new Plan { Cluster = cluster, Consume = false });
        await feeder.FloodAsync(events);
        await feeder.DisposeAsync();
        return await StartAsync(
            new Plan
            {
                Cluster = cluster,
                Service = service => service.Consumer<ApplyModel>().Preload<ModelCreated, Account>(e => [e.ModelId]),
                Services = services => services.ConfigureDbContext<LedgerContext>(options => options.AddInterceptors(queries)),
            },
            script => script.Act = act);
    }
}
