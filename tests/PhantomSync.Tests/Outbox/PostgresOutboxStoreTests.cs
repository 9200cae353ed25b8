using Microsoft.EntityFrameworkCore;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Outbox;

public sealed class PostgresOutboxStoreTests(PostgresServer server) : OutboxStoreContract
{
    protected override Task<OutboxBed> CreateBedAsync() => OutboxBed.PostgresAsync(server);

    [Fact, Trait("row", "S8.08")]
    public async Task Transactions_that_commit_in_reverse_order_are_sent_in_the_order_of_their_commits()
    {
        await using var first = Bed.NewContext();
        await using var second = Bed.NewContext();
        await using var one = await first.Database.BeginTransactionAsync(Cancel);
        await using var two = await second.Database.BeginTransactionAsync(Cancel);
        first.Outbox.AddRange(Bed.Message("k", "first 1"), Bed.Message("k", "first 2"));
        await first.SaveChangesAsync(Cancel);
        second.Outbox.AddRange(Bed.Message("k", "second 1"), Bed.Message("k", "second 2"));
        await second.SaveChangesAsync(Cancel);
        await using var session = await OpenAsync();
        await two.CommitAsync(Cancel);
        (await ReadAsync(session)).Select(Body).ShouldBe(["second 1", "second 2"]);
        await one.CommitAsync(Cancel);
        (await ReadAsync(session)).Select(Body).ShouldBe(["second 1", "second 2", "first 1", "first 2"]);
    }

    [Fact]
    public async Task Sessions_share_the_lanes_and_take_over_those_of_one_that_is_gone()
    {
        await using var one = await Bed.Store.OpenAsync(Cancel);
        (await one.EnsureLanesAsync(Cancel)).Held.ShouldBe(64);
        var two = await Bed.Store.OpenAsync(Cancel);
        (await two.EnsureLanesAsync(Cancel)).Held.ShouldBe(0);
        (await one.EnsureLanesAsync(Cancel)).Lost.Length.ShouldBe(32);
        var gained = await two.EnsureLanesAsync(Cancel);
        gained.Gained.Length.ShouldBe(32);
        await two.DisposeAsync();
        (await one.EnsureLanesAsync(Cancel)).Gained.ShouldBe(gained.Gained, ignoreOrder: true);
    }

    [Fact]
    public async Task A_session_whose_connection_was_ended_can_do_nothing_any_more()
    {
        await Bed.PublishAsync(Bed.Message("k"));
        var frozen = await OpenAsync();
        var rows = await ReadAsync(frozen);
        await using (var context = Bed.NewContext())
            await context.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", Cancel);
        await Should.ThrowAsync<Exception>(() => frozen.DeleteAsync([rows[0].Position], [rows[0].Id], Cancel));
        await frozen.DisposeAsync();
        (await Bed.CountAsync("outbox_queue")).ShouldBe(1);
    }
}
