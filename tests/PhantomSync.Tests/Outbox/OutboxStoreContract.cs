using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;
using System.Text;

namespace PhantomSync.Tests.Outbox;

/// <summary>What every outbox store does.</summary>
public abstract class OutboxStoreContract : IAsyncLifetime
{
    protected OutboxBed Bed { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Bed = await CreateBedAsync();

    public async ValueTask DisposeAsync()
    {
        if (Bed is not null)
            await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Creating_the_schema_again_changes_nothing()
    {
        await Bed.PublishAsync(Bed.Message("a"));
        await Task.WhenAll(Bed.Store.CreateSchemaAsync(Cancel), Bed.Store.CreateSchemaAsync(Cancel));
        (await Bed.CountAsync("outbox_queue")).ShouldBe(1);
        (await Bed.Store.OwnTablesExistAsync(Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task EnsureCreated_leaves_the_outbox_alone_before_and_after()
    {
        await using var context = Bed.NewContext();
        (await context.Database.EnsureCreatedAsync(Cancel)).ShouldBeFalse();
        context.Orders.Add(new() { Name = "one" });
        context.Outbox.Add(Bed.Message("a"));
        await context.SaveChangesAsync(Cancel);
        (await Bed.CountAsync("outbox_queue")).ShouldBe(1);
    }

    [Fact]
    public async Task An_event_whose_transaction_rolls_back_is_not_queued()
    {
        await using (var context = Bed.NewContext())
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancel);
            context.Outbox.Add(Bed.Message("a"));
            await context.SaveChangesAsync(Cancel);
        }

        (await Bed.CountAsync("outbox_message")).ShouldBe(0);
        (await Bed.CountAsync("outbox_queue")).ShouldBe(0);
    }

    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        await Bed.PublishAsync(Bed.Message("kö:1", "{\"x\":1}", eventType: "Shipped"), Bed.Message(null, "no key"));
        var rows = await ReadAsync();
        var row = rows.Single(r => r.Key is not null);
        Encoding.UTF8.GetString(row.Key!).ShouldBe("kö:1");
        Body(row).ShouldBe("{\"x\":1}");
        row.Topic.ShouldBe("shop.orders");
        row.Headers!.Select(header => (header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))).ShouldBe([("event_id", "e-{\"x\":1}"), ("tenant_id", "acme")]);
        row.KeyHash.ShouldBe(StableHash.Of("shop.orders", "kö:1"));
        Body(rows.Single(r => r.Key is null)).ShouldBe("no key");
    }

    [Fact]
    public async Task Rows_that_are_read_together_have_their_own_headers()
    {
        await Bed.PublishAsync(Enumerable.Range(0, 5).Select(i => Bed.Message("k", $"{i}")));
        var rows = await ReadAsync();
        rows.Select(row => row.Header("event_id")).ShouldBe(rows.Select(row => $"e-{Body(row)}"));
        rows.ShouldAllBe(row => row.Header("tenant_id") == "acme" && row.Header("none") == null);
    }

    [Fact, Trait("row", "S8.08")]
    public async Task A_thousand_events_of_one_save_keep_their_order()
    {
        await Bed.PublishAsync(Enumerable.Range(0, 1_000).Select(i => Bed.Message("k", $"{i}")));
        await using var session = await OpenAsync();
        var bodies = new List<string>();
        for (var rows = await ReadAsync(session); rows.Count > 0; rows = await ReadAsync(session))
        {
            bodies.AddRange(rows.Select(Body));
            await session.DeleteAsync([.. rows.Select(r => r.Position)], [.. rows.Select(r => r.Id)], Cancel);
        }

        bodies.SequenceEqual(Enumerable.Range(0, 1_000).Select(i => $"{i}")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_read_stops_at_its_limits_without_leaving_out_an_earlier_event_of_a_key()
    {
        await Bed.PublishAsync(Enumerable.Range(0, 300).Select(i => Bed.Message($"k{i % 20}", new string('x', 100) + $"/{i / 20:00}")));
        await using var session = await OpenAsync();
        foreach (var (maxRows, maxBytes) in new[] { (7, 1L << 20), (100, 1L << 20), (1_000, 2_000L), (1_000, 1L) })
        {
            var rows = new List<OutboxRow>();
            await session.ReadAsync(new ReadRequest(maxRows, maxBytes, [], []), rows, Cancel);
            rows.Count.ShouldBeInRange(1, maxRows);
            (rows.Sum(r => (long)r.Bytes) - rows[^1].Bytes).ShouldBeLessThan(maxBytes);
            foreach (var key in rows.GroupBy(r => r.KeyHash))
                key.Select(r => int.Parse(Body(r).Split('/')[1])).ShouldBe(Enumerable.Range(0, key.Count()));
        }
    }

    [Fact]
    public async Task Deleting_removes_both_rows_and_no_others()
    {
        await Bed.PublishAsync(Enumerable.Range(0, 10).Select(i => Bed.Message("k", $"{i}")));
        await using var session = await OpenAsync();
        var rows = await ReadAsync(session);
        await session.DeleteAsync([.. rows.Take(4).Select(r => r.Position)], [.. rows.Take(4).Select(r => r.Id)], Cancel);
        (await ReadAsync(session)).Select(Body).ShouldBe(["4", "5", "6", "7", "8", "9"]);
        (await Bed.CountAsync("outbox_message")).ShouldBe(6);
    }

    [Fact]
    public async Task Skipped_topics_do_not_hold_up_others_and_probed_ones_give_a_sample()
    {
        await Bed.PublishAsync(Enumerable.Range(0, 500).Select(i => Bed.Message("k", $"{i}", topic: "a")));
        await Bed.PublishAsync(Bed.Message("k", "b", topic: "b"));
        await using var session = await OpenAsync();
        var rows = new List<OutboxRow>();
        await session.ReadAsync(new ReadRequest(100, 1 << 20, ["a"], []), rows, Cancel);
        rows.Select(Body).ShouldBe(["b"]);
        await session.ReadAsync(new ReadRequest(100, 1 << 20, [], ["a"]), rows, Cancel);
        rows.Select(Body).ShouldBe(["0", "b"], ignoreOrder: true);
        await session.ReadAsync(new ReadRequest(100, 1 << 20, [], []), rows, Cancel);
        rows.Select(Body).ShouldContain("b");
    }

    [Fact, Trait("row", "S4.02")]
    public async Task A_batch_leaves_when_enough_of_its_kind_wait()
    {
        var hold = SyncHold.Batch(3, TimeSpan.FromHours(1));
        await using var session = await OpenAsync();
        await Bed.PublishAsync(Bed.Message("a", "1", hold), Bed.Message("b", "2", hold), Bed.Message("c", "other", hold, eventType: "Other"));
        (await ReadAsync(session)).ShouldBeEmpty();
        await Bed.PublishAsync(Bed.Message("c", "3", hold));
        (await ReadAsync(session)).Select(Body).ShouldBe(["1", "2", "3", "other"], ignoreOrder: true, "the other kind's event of key c is earlier than 3");
    }

    [Fact, Trait("row", "S4.02")]
    public async Task A_batch_leaves_after_its_delay_and_later_events_do_not_put_it_off()
    {
        var hold = SyncHold.Batch(100, TimeSpan.FromMilliseconds(400));
        await using var session = await OpenAsync();
        await Bed.PublishAsync(Bed.Message("a", "1", hold));
        (await ReadAsync(session)).ShouldBeEmpty();
        await PassAsync(TimeSpan.FromMilliseconds(250));
        await Bed.PublishAsync(Bed.Message("b", "2", hold));
        await PassAsync(TimeSpan.FromMilliseconds(200));
        (await ReadAsync(session)).Select(Body).ShouldBe(["1"]);
    }

    [Fact, Trait("row", "S4.03")]
    public async Task An_eventual_event_yields_to_what_is_ready_and_leaves_when_nothing_is()
    {
        await using var session = await OpenAsync();
        await Bed.PublishAsync(Bed.Message("a", "eventual", SyncHold.Eventual(TimeSpan.FromHours(1))), Bed.Message("b", "now"));
        var rows = await ReadAsync(session);
        rows.Select(Body).ShouldBe(["now"]);
        await session.DeleteAsync([rows[0].Position], [rows[0].Id], Cancel);
        (await ReadAsync(session)).Select(Body).ShouldBe(["eventual"]);
    }

    [Fact, Trait("row", "S4.03")]
    public async Task An_eventual_event_is_due_even_while_others_are_ready()
    {
        await using var session = await OpenAsync();
        await Bed.PublishAsync(Bed.Message("a", "eventual", SyncHold.Eventual(TimeSpan.FromMilliseconds(100))), Bed.Message("b", "now"));
        await PassAsync(TimeSpan.FromMilliseconds(150));
        (await ReadAsync(session)).Select(Body).ShouldBe(["eventual", "now"], ignoreOrder: true);
    }

    [Fact, Trait("row", "S4.04")]
    public async Task An_event_that_leaves_takes_the_earlier_ones_of_its_key_along()
    {
        var hour = TimeSpan.FromHours(1);
        await using var session = await OpenAsync();
        await Bed.PublishAsync(
            Bed.Message("k", "1", SyncHold.Batch(100, hour)), Bed.Message("other", "held", SyncHold.Batch(100, hour)),
            Bed.Message("k", "2", SyncHold.Eventual(hour)), Bed.Message("k", "timeout", SyncHold.After(hour, Guid.NewGuid())));
        await Bed.PublishAsync(Bed.Message("k", "3"));
        await Bed.PublishAsync(Bed.Message("k", "4", SyncHold.Batch(100, hour)));
        (await ReadAsync(session)).Select(Body).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_scheduled_event_leaves_at_its_time_and_not_before()
    {
        await using var session = await OpenAsync();
        await Bed.PublishAsync(
            Bed.Message("a", "at", SyncHold.Until(Bed.Now.AddMilliseconds(400), Guid.NewGuid())),
            Bed.Message("b", "after", SyncHold.After(TimeSpan.FromMilliseconds(400), Guid.NewGuid())));
        (await ReadAsync(session)).ShouldBeEmpty();
        await PassAsync(TimeSpan.FromMilliseconds(450));
        (await ReadAsync(session)).Select(Body).ShouldBe(["at", "after"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_cancelled_event_never_leaves()
    {
        Guid committed = Guid.NewGuid(), saved = Guid.NewGuid(), added = Guid.NewGuid(), kept = Guid.NewGuid();
        SyncHold After(Guid token) => SyncHold.After(TimeSpan.FromMilliseconds(50), token);
        await Bed.PublishAsync(Bed.Message("a", "committed", After(committed)), Bed.Message("a", "kept", After(kept)));
        await using (var context = Bed.NewContext())
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancel);
            context.Outbox.Add(Bed.Message("a", "saved", After(saved)));
            await context.SaveChangesAsync(Cancel);
            context.Outbox.Add(Bed.Message("a", "added", After(added)));
            (await context.CancelScheduledAsync(saved, Cancel)).ShouldBeTrue();
            (await context.CancelScheduledAsync(added, Cancel)).ShouldBeTrue();
            (await context.CancelScheduledAsync(committed, Cancel)).ShouldBeTrue();
            (await context.CancelScheduledAsync(Guid.NewGuid(), Cancel)).ShouldBeFalse();
            await context.SaveChangesAsync(Cancel);
            await transaction.CommitAsync(Cancel);
        }

        await using var session = await OpenAsync();
        await PassAsync(TimeSpan.FromMilliseconds(100));
        (await ReadAsync(session)).Select(Body).ShouldBe(["kept"]);
        (await Bed.CountAsync("outbox_message")).ShouldBe(1);
        (await Bed.CountAsync("outbox_queue")).ShouldBe(1);
        await using var late = Bed.NewContext();
        (await late.CancelScheduledAsync(kept, Cancel)).ShouldBeFalse("it has left already");
    }

    [Fact]
    public async Task A_cancellation_that_rolls_back_cancels_nothing()
    {
        var token = Guid.NewGuid();
        await Bed.PublishAsync(Bed.Message("a", "timeout", SyncHold.After(TimeSpan.FromMilliseconds(50), token)));
        await using (var context = Bed.NewContext())
        {
            await using var transaction = await context.Database.BeginTransactionAsync(Cancel);
            (await context.CancelScheduledAsync(token, Cancel)).ShouldBeTrue();
        }

        await using var session = await OpenAsync();
        await PassAsync(TimeSpan.FromMilliseconds(100));
        (await ReadAsync(session)).Select(Body).ShouldBe(["timeout"]);
    }

    [Fact]
    public async Task A_refused_event_becomes_a_dead_letter_with_its_reason()
    {
        await Bed.PublishAsync(Bed.Message("k", "bad"), Bed.Message("k", "good"));
        await using var session = await OpenAsync();
        var rows = await ReadAsync(session);
        await session.DeadLetterAsync(rows[0], "too large", 3, Cancel);
        (await ReadAsync(session)).Select(Body).ShouldBe(["good"]);
        (await Bed.CountAsync("outbox_message")).ShouldBe(1);
        (await Bed.CountAsync("dead_letter", "source = 'relay' AND key = 'k' AND reason = 'too large' AND attempts = 3 AND state = 0 AND event_id = 'e-bad' AND tenant_id = 'acme' AND event_type = 'Ordered'")).ShouldBe(1);
    }

    [Fact]
    public async Task Sent_rows_stay_until_they_are_deleted_or_made_ready_again()
    {
        await Bed.PublishAsync(Enumerable.Range(0, 3).Select(i => Bed.Message("k", $"{i}")));
        await using var session = await OpenAsync();
        var rows = await ReadAsync(session);
        await session.MarkSentAsync([rows[0].Position, rows[1].Position], Cancel);
        (await ReadAsync(session)).Select(Body).ShouldBe(["2"]);
        await session.DeleteAsync([rows[0].Position], [rows[0].Id], Cancel);
        (await session.UnmarkSentAsync(null, Cancel)).ShouldBe(1);
        (await ReadAsync(session)).Select(Body).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task The_backlog_is_measured()
    {
        await Bed.PublishAsync(Bed.Message("a"), Bed.Message("b"), Bed.Message("b", hold: SyncHold.Batch(10, TimeSpan.FromHours(1))));
        await PassAsync(TimeSpan.FromMilliseconds(50));
        await using var session = await OpenAsync();
        var backlog = await session.MeasureAsync(Cancel);
        backlog.Pending.ShouldBe(3);
        backlog.Held.ShouldBe(1);
        backlog.OldestReady.ShouldBeInRange(TimeSpan.FromMilliseconds(40), TimeSpan.FromMinutes(10));
    }

    protected abstract Task<OutboxBed> CreateBedAsync();

    internal static string Body(OutboxRow row) => Encoding.UTF8.GetString(row.Body);

    internal async Task<IOutboxSession> OpenAsync()
    {
        var session = await Bed.Store.OpenAsync(Cancel);
        (await session.EnsureLanesAsync(Cancel)).Held.ShouldBe(Lanes.Count);
        return session;
    }

    internal static async Task<List<OutboxRow>> ReadAsync(IOutboxSession session)
    {
        var rows = new List<OutboxRow>();
        await session.ReadAsync(new ReadRequest(2_048, 4 << 20, [], []), rows, Cancel);
        return rows;
    }

    internal async Task<List<OutboxRow>> ReadAsync()
    {
        await using var session = await OpenAsync();
        return await ReadAsync(session);
    }

    /// <summary>Lets time pass by the clock that counts: the database's own cannot be set.</summary>
    protected async Task PassAsync(TimeSpan time)
    {
        if (Bed.Clock is not null)
            Bed.Clock.Advance(time);
        else
            await Task.Delay(time, Cancel);
    }
}
