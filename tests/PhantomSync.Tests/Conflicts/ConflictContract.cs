using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Conflicts.Storing;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.Conflicts;

/// <summary>Store and queue, on every database.</summary>
public abstract class ConflictContract : IAsyncLifetime
{
    private static readonly ConflictingChange Paid = Changes.Change("0001", "one", 0, ("status", "paid"), ("price", 10)) with { PreviousVersion = "1", NewVersion = "2a", ChangedBy = "bob" };
    private static readonly ConflictingChange Sent = Changes.Change("0002", "two", 9, ("status", "sent"), ("price", 20)) with { PreviousVersion = "1", NewVersion = "2b" };

    private OrderBed Bed { get; set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Bed = await CreateBedAsync();

    public async ValueTask DisposeAsync()
    {
        if (Bed is not null)
            await Bed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<OrderBed> CreateBedAsync();

    [Fact, Trait("row", "S16.13"), Trait("row", "S16.24"), Trait("row", "S16.26"), Trait("row", "S16.27"), Trait("row", "S16.15")]
    public async Task A_conflict_is_kept_once_with_all_that_belongs_to_it_and_the_value_stays_until_a_person_decides()
    {
        (await Bed.TakeAsync(Paid)).Kind.ShouldBe(ConflictOutcomeKind.NoConflict);
        var outcome = await Bed.TakeAsync(Sent);
        outcome.Kind.ShouldBe(ConflictOutcomeKind.ManualResolutionRequired);
        for (var delivery = 0; delivery < 10; delivery++)
            (await Bed.TakeAsync(Sent, Paid)).Kind.ShouldBe(ConflictOutcomeKind.Repeated);

        var conflict = (await Bed.ConflictsAsync()).ShouldHaveSingleItem();
        conflict.ConflictId.ShouldBe(outcome.Conflicts.ShouldHaveSingleItem());
        (conflict.TenantId, conflict.ResourceType, conflict.ResourceId, conflict.Status, conflict.Strategy, conflict.DetectedAt).ShouldBe(
            ("acme", "ORDER", "order-1", ConflictStatus.ManualResolutionRequired, "ManualResolution", Bed.Time.GetUtcNow()));
        conflict.ReadFields().ShouldBe(["price", "status"]);
        var kept = conflict.ReadChanges();
        kept.Select(change => (change.ChangeId, change.SourceService, change.Timestamp, change.ChangedBy, change.NewVersion)).ShouldBe(
            [("0001", "one", Paid.Timestamp, "bob", "2a"), ("0002", "two", Sent.Timestamp, null, "2b")]);
        kept[1].Changes["status"].GetString().ShouldBe("sent");
        (await Bed.OrderAsync()).Status.ShouldBe("paid");

        var detected = (await Bed.EventsAsync<ConflictDetected>()).ShouldHaveSingleItem();
        (detected.ConflictId, detected.TenantId, detected.ResourceId, detected.SyncMetadata.SourceService).ShouldBe((conflict.ConflictId, "acme", "order-1", "orders"));
        (await Bed.EventsAsync()).ShouldBe(["ConflictDetected"]);
    }

    [Fact, Trait("row", "S16.19"), Trait("row", "S16.20"), Trait("row", "S16.28")]
    public async Task What_a_rule_decides_is_kept_as_resolved_with_its_label_and_what_was_asked()
    {
        var list = new ResourceKey("acme", "PRICE_LIST", "list-1");
        var outcome = await Bed.WorkAsync((db, resolver) => resolver.DetectAndResolveAsync(
            db, list, [Changes.Change("1", "one", 0, ("price", 30)), Changes.Change("2", "two", 1, ("price", 20))], Cancellation));
        outcome.Kind.ShouldBe(ConflictOutcomeKind.AutoResolved);
        outcome.State.Shown("price").ShouldBe("20");
        var conflict = (await Bed.ConflictsAsync()).ShouldHaveSingleItem();
        (conflict.Status, conflict.Strategy, conflict.Resolution, conflict.ResolvedBy, conflict.WinningChangeId).ShouldBe(
            (ConflictStatus.AutoResolved, "BusinessRule:LowestPrice", "{\"price\":20}", "system:conflict-resolution", null));
        conflict.Trace.ShouldContain("BusinessRule:LowestPrice: made values for price");
        (await Bed.EventsAsync()).ShouldBe(["ConflictDetected", "ConflictResolved"]);
    }

    [Fact, Trait("row", "S16.19")]
    public async Task A_conflict_its_resource_and_its_events_are_saved_together_or_not_at_all()
    {
        await Bed.TakeAsync(Paid);
        await Should.ThrowAsync<InvalidOperationException>(() => Bed.WorkAsync<bool>(async (db, resolver) =>
        {
            await resolver.DetectAndResolveAsync(db, Changes.Resource, [Sent], Cancellation);
            throw new InvalidOperationException("the handler fails");
        }));
        (await Bed.ConflictsAsync()).ShouldBeEmpty();
        (await Bed.EventsAsync()).ShouldBeEmpty();
        (await Bed.TakeAsync(Sent)).Kind.ShouldBe(ConflictOutcomeKind.ManualResolutionRequired);
    }

    [Fact, Trait("row", "S16.13")]
    public async Task The_database_itself_refuses_a_conflict_without_its_resource() =>
        await Should.ThrowAsync<DbUpdateException>(() => Bed.ReadAsync(db => Task.FromResult(db.Add(new ConflictRecord
        {
            ConflictId = Guid.NewGuid(),
            TenantId = "acme",
            ResourceType = "ORDER",
            ResourceId = "",
            Fields = "[]",
            Changes = "[]",
            Trace = "[]",
            Strategy = "ManualResolution",
            Reason = "",
            DetectedAt = Bed.Time.GetUtcNow(),
        }))));

    [Fact, Trait("row", "S16.34"), Trait("row", "S16.18")]
    public async Task Changes_of_another_tenant_and_no_change_at_all_are_refused()
    {
        await Should.ThrowAsync<ArgumentException>(() => Bed.WorkAsync((db, resolver) => resolver.DetectAndResolveAsync(db, Changes.Resource, [], Cancellation)));
        var foreign = await Should.ThrowAsync<ArgumentException>(() => Bed.TakeAsync(Paid with { TenantId = "other", ChangedBy = "secret" }));
        foreign.Message.ShouldNotContain("secret");
    }

    [Theory, Trait("row", "S16.21"), Trait("row", "S16.30")]
    [InlineData("choose", "sent", 20, "0002")]
    [InlineData("merge", "sent", 10, null)]
    [InlineData("value", "lost", 15, null)]
    public async Task A_person_chooses_a_change_merges_fields_or_gives_values(string how, string status, int price, string? winner)
    {
        var id = await OpenAsync();
        var answer = await Bed.Queue.ResolveAsync(id, Decision("alice") with
        {
            Choose = how == "choose" ? "2" : null,
            Merge = how == "merge" ? new Dictionary<string, string> { ["status"] = "0002", ["price"] = "0001" } : null,
            Values = how == "value" ? Values(("status", "lost"), ("price", 15)) : null,
        }, Cancellation);
        answer.IsDone.ShouldBeTrue(answer.Message);

        var order = await Bed.OrderAsync();
        (order.Status, order.Price).ShouldBe((status, price));
        var conflict = (await Bed.ConflictsAsync()).ShouldHaveSingleItem();
        (conflict.Status, conflict.ResolvedBy, conflict.Reason, conflict.WinningChangeId, conflict.ResolvedAt).ShouldBe(
            (ConflictStatus.Resolved, "alice", "asked the customer", winner, Bed.Time.GetUtcNow()));
        var resolved = (await Bed.EventsAsync<ConflictResolved>()).ShouldHaveSingleItem();
        (resolved.ResolvedBy, resolved.Reason, resolved.Strategy, resolved.WinningChange).ShouldBe(("alice", "asked the customer", "ManualResolution", winner));
        resolved.Resolution["status"].GetString().ShouldBe(status);

        // Redelivery does not bring it up again, and what is made to the chosen version follows.
        await Bed.TakeAsync(Paid, Sent, Paid);
        (await Bed.OrderAsync()).Status.ShouldBe(status);
        var label = winner is null ? (how == "choose" ? "2b" : "2a") : "2b";
        await Bed.TakeAsync(Changes.Change("0003", "one", 20, ("status", "received")) with { PreviousVersion = label, NewVersion = "3" });
        (await Bed.OrderAsync()).Status.ShouldBe("received");
        (await Bed.ConflictsAsync()).ShouldHaveSingleItem().Status.ShouldBe(ConflictStatus.Resolved);
    }

    [Fact, Trait("row", "S16.15")]
    public async Task A_decision_that_does_not_fit_is_refused_with_what_is_expected()
    {
        var id = await OpenAsync();
        (await RefusedAsync(Decision("alice"))).ShouldContain("Give one of");
        (await RefusedAsync(Decision("alice") with { Choose = "9" })).ShouldContain("'9' is none of its changes; they are 0001, 0002");
        (await RefusedAsync(Decision("alice") with { Merge = new Dictionary<string, string> { ["status"] = "0001" } })).ShouldContain("In dispute is price, status; given is status");
        (await RefusedAsync(Decision("alice") with { Values = Values(("status", "x"), ("price", "cheap")) })).ShouldContain("price is \"cheap\"; expected is a number");
        (await Bed.Queue.ResolveAsync(Guid.NewGuid(), Decision("alice") with { Choose = "2" }, Cancellation)).Kind.ShouldBe(QueueAnswerKind.Unknown);
        await Should.ThrowAsync<ArgumentException>(() => Bed.Queue.ResolveAsync(id, Decision(" ") with { Choose = "2" }, Cancellation));
        (await Bed.ConflictsAsync()).Single().Status.ShouldBe(ConflictStatus.ManualResolutionRequired);

        async Task<string> RefusedAsync(ManualResolution decision)
        {
            var answer = await Bed.Queue.ResolveAsync(id, decision, Cancellation);
            answer.Kind.ShouldBe(QueueAnswerKind.Invalid);
            return answer.Message;
        }
    }

    [Fact, Trait("row", "S16.22"), Trait("row", "S16.15")]
    public async Task A_claim_keeps_others_away_until_it_runs_out()
    {
        var id = await OpenAsync();
        (await Bed.Queue.ClaimAsync(id, "alice", TimeSpan.FromMinutes(10), Cancellation)).IsDone.ShouldBeTrue();
        (await Bed.Queue.ListAsync(cancellationToken: Cancellation)).Single().StatusAt(Bed.Time.GetUtcNow()).ShouldBe(ConflictStatus.InProgress);
        var refused = await Bed.Queue.ClaimAsync(id, "bob", TimeSpan.FromMinutes(10), Cancellation);
        (refused.Kind, refused.Message).ShouldBe((QueueAnswerKind.ClaimedByAnother, $"{id} is claimed by alice until 2026-03-01 12:10:00Z. Ask them, or wait until then."));
        (await Bed.Queue.ResolveAsync(id, Decision("bob") with { Choose = "1" }, Cancellation)).Kind.ShouldBe(QueueAnswerKind.ClaimedByAnother);
        (await Bed.Queue.ClaimAsync(id, "alice", TimeSpan.FromMinutes(20), Cancellation)).IsDone.ShouldBeTrue("who has it may keep it for longer");

        Bed.Time.Advance(TimeSpan.FromMinutes(20));
        (await Bed.Queue.ListAsync(cancellationToken: Cancellation)).Single().StatusAt(Bed.Time.GetUtcNow()).ShouldBe(ConflictStatus.ManualResolutionRequired);
        (await Bed.Queue.ClaimAsync(id, "bob", TimeSpan.FromMinutes(10), Cancellation)).IsDone.ShouldBeTrue();
        (await Bed.Queue.ResolveAsync(id, Decision("alice") with { Choose = "1" }, Cancellation)).Kind.ShouldBe(QueueAnswerKind.ClaimedByAnother);
        (await Bed.Queue.ResolveAsync(id, Decision("bob") with { Choose = "1" }, Cancellation)).IsDone.ShouldBeTrue();
        (await Bed.Queue.ClaimAsync(id, "alice", TimeSpan.FromMinutes(10), Cancellation)).Message.ShouldContain("was resolved by bob");
    }

    [Fact, Trait("row", "S16.15"), Trait("row", "S16.30")]
    public async Task Of_two_who_claim_or_resolve_at_once_one_wins_and_the_others_are_told()
    {
        var id = await OpenAsync();
        string[] people = ["alice", "bob", "carol", "dave"];
        var claims = await Task.WhenAll(people.Select(by => Task.Run(() => Bed.Queue.ClaimAsync(id, by, TimeSpan.FromMinutes(1), Cancellation), Cancellation)));
        claims.Count(answer => answer.IsDone).ShouldBe(1);
        claims.Where(answer => !answer.IsDone).ShouldAllBe(answer => answer.Kind == QueueAnswerKind.ClaimedByAnother);

        Bed.Time.Advance(TimeSpan.FromMinutes(1));
        var resolutions = await Task.WhenAll(people.Select((by, i) => Task.Run(() => Bed.Queue.ResolveAsync(id, Decision(by) with { Choose = i % 2 == 0 ? "1" : "2" }, Cancellation), Cancellation)));
        var winner = resolutions.Single(answer => answer.IsDone).Record!.ResolvedBy!;
        resolutions.Where(answer => !answer.IsDone).ShouldAllBe(answer => answer.Kind == QueueAnswerKind.AlreadyResolved && answer.Message.Contains($"was resolved by {winner}"));
        (await Bed.OrderAsync()).Status.ShouldBe(Array.IndexOf(people, winner) % 2 == 0 ? "paid" : "sent");
        (await Bed.EventsAsync<ConflictResolved>()).ShouldHaveSingleItem().ResolvedBy.ShouldBe(winner);
    }

    [Fact, Trait("row", "S16.15"), Trait("row", "S16.23")]
    public async Task An_open_conflict_holds_up_no_other_field_and_a_further_change_takes_its_place()
    {
        var id = await OpenAsync();
        (await Bed.TakeAsync(Changes.Change("0003", "three", 30, ("note", "gift")))).State.Shown("note").ShouldBe("\"gift\"");
        (await Bed.Queue.ListAsync("acme", cancellationToken: Cancellation)).ShouldHaveSingleItem().ConflictId.ShouldBe(id);
        (await Bed.Queue.ListAsync("other", cancellationToken: Cancellation)).ShouldBeEmpty();

        await Bed.TakeAsync(Changes.Change("0004", "three", 40, ("status", "lost")));
        var open = await Bed.Queue.ListAsync(cancellationToken: Cancellation);
        open.Select(conflict => (conflict.ReadChanges().Count, string.Join(',', conflict.ReadFields()))).ShouldBe([(2, "price"), (3, "status")], ignoreOrder: true);
        open.Select(conflict => conflict.ConflictId).ShouldContain(id);

        // Somebody who knew all of them has settled it.
        await Bed.TakeAsync(Changes.Change("0005", "one", 50, ("status", "returned"), ("price", 0)) with { Supersedes = ["0001", "0002", "0004"] });
        (await Bed.Queue.ListAsync(cancellationToken: Cancellation)).ShouldBeEmpty();
        (await Bed.OrderAsync()).Status.ShouldBe("returned");
        (await Bed.Queue.ListAsync(closed: true, cancellationToken: Cancellation)).ShouldAllBe(conflict => conflict.Status == ConflictStatus.Resolved && conflict.Reason.StartsWith("Void: ") && conflict.ResolvedBy == "system:conflict-resolution");
    }

    [Fact, Trait("row", "S2.02")]
    public async Task What_waits_for_a_missing_change_becomes_a_conflict_when_that_does_not_come_and_none_when_it_does()
    {
        var last = Sent with { PreviousVersion = "3", NewVersion = "4" };
        await Bed.TakeAsync(Paid, last);
        (await Bed.ConflictsAsync()).ShouldBeEmpty();
        (await Bed.OrderAsync()).Status.ShouldBe("sent");

        var watch = Bed.Watch();
        await watch.StartAsync(Cancellation);
        await Wait.ForAsync(async () =>
        {
            Bed.Time.Advance(TimeSpan.FromSeconds(5));
            return (await Bed.ConflictsAsync()).Count == 1;
        });
        await watch.StopAsync(Cancellation);
        (Bed.Time.GetUtcNow() - Changes.Noon.ToDateTimeOffset()).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
        (await Bed.OrderAsync()).Status.ShouldBe("paid");

        await Bed.TakeAsync(Changes.Change("0003", "one", 4) with { PreviousVersion = "2a", NewVersion = "3" });
        (await Bed.OrderAsync()).Status.ShouldBe("sent");
        var conflict = (await Bed.ConflictsAsync()).ShouldHaveSingleItem();
        (conflict.Status, conflict.Reason).ShouldBe((ConflictStatus.Resolved, "Void: a later change knew them all, or they turned out to follow one another."));
        (await Bed.ReadAsync(db => db.Histories.AsNoTracking().SingleAsync(Cancellation))).WaitingSince.ShouldBeNull();
    }

    [Fact]
    public async Task Several_changes_in_one_transaction_find_the_conflicts_that_are_not_saved_yet()
    {
        await Bed.WorkAsync(async (db, resolver) =>
        {
            foreach (var change in (ConflictingChange[])[Paid, Sent, Changes.Change("0003", "three", 12, ("status", "lost"), ("price", 1))])
                await resolver.DetectAndResolveAsync(db, Changes.Resource, [change], Cancellation);
            return true;
        });
        (await Bed.ConflictsAsync()).Select(conflict => (conflict.Status, conflict.ReadChanges().Count)).ShouldBe(
            [(ConflictStatus.Resolved, 2), (ConflictStatus.ManualResolutionRequired, 3)], ignoreOrder: true);
    }

    private static ManualResolution Decision(string by) => new() { By = by, Reason = "asked the customer" };

    private static Dictionary<string, JsonElement> Values(params (string Name, object Value)[] values) =>
        values.ToDictionary(value => value.Name, value => JsonSerializer.SerializeToElement(value.Value), StringComparer.Ordinal);

    private async Task<Guid> OpenAsync() => (await Bed.TakeAsync(Paid, Sent)).Conflicts.ShouldHaveSingleItem();
}
