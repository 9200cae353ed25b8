using Microsoft.EntityFrameworkCore;
using PhantomSync.Registry.Usage;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.Registry;

public sealed class PostgresRegistryTests(PostgresServer server) : RegistryContract
{
    protected override Task<RegistryBed> CreateBedAsync() => RegistryBed.PostgresAsync(server);

    [Fact, Trait("row", "S13.10")]
    public async Task Of_two_workers_that_believe_to_own_a_shard_one_has_to_try_again_and_shards_do_not_wait_for_each_other()
    {
        var tallies = () => CountInferences.Tally([Say.Inferred("acme", "churn", "v1", 10, 0.5)]);
        await Bed.ReadAsync(async one => await Bed.ReadAsync(async two => await Bed.ReadAsync(async three =>
        {
            await using var first = await one.Database.BeginTransactionAsync(Cancellation);
            await UsageStore.For(one).AddAsync(tallies(), shard: 1, Cancellation);
            await UsageStore.For(two).AddAsync(tallies(), shard: 2, Cancellation);
            var late = UsageStore.For(three).AddAsync(tallies(), shard: 1, Cancellation);
            await Wait.ForAsync(async () => await two.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE NOT granted").SingleAsync(Cancellation) > 0);
            await first.CommitAsync(Cancellation);
            return await Should.ThrowAsync<DbUpdateConcurrencyException>(() => late);
        })));
        await Bed.ReadAsync(async registry =>
        {
            await UsageStore.For(registry).AddAsync(tallies(), shard: 1, Cancellation);
            return true;
        });
        (await Bed.UseAsync<ModelUsage, IReadOnlyList<VersionUsage>>(usage => usage.OfAsync("acme", "churn", Cancellation))).Single().Predictions.ShouldBe(3);
    }
}
