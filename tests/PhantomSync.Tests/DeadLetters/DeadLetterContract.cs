using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.DeadLetters;

/// <summary>What must hold of dead letters, whatever the database.</summary>
public abstract class DeadLetterContract : IAsyncLifetime
{
    protected Workshop Shop { get; private set; } = null!;

    private static Operator Olga { get; } = new("olga");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<Workshop> OpenAsync();

    public async ValueTask InitializeAsync() => Shop = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Shop is not null)
            await Shop.DisposeAsync();
    }

    [Fact, Trait("row", "S9.11")]
    public async Task Events_of_a_key_keep_their_order_through_failure_and_replay_and_none_is_applied_twice()
    {
        var events = new[] { "1", "2", "3", "4" }.Select(name => Workshop.Event("m", name)).ToArray();
        Shop.Faults.Break("1");
        await Shop.SendAsync(events[0]);
        var head = (await Shop.UntilLettersAsync(1)).ShouldHaveSingleItem();
        head.ShouldSatisfyAllConditions(
            letter => letter.Blocks.ShouldBeTrue(),
            letter => letter.Parked.ShouldBeFalse(),
            letter => letter.Attempts.ShouldBe(3),
            letter => letter.Reason.ShouldBe("1 is broken"),
            letter => letter.EventId.ShouldBe(events[0].SyncMetadata.EventId.ToString()));
        foreach (var later in events[1..])
            await Shop.SendAsync(later);
        (await Shop.UntilLettersAsync(4)).Skip(1).ShouldAllBe(letter => letter.Parked);

        // Another key goes on.
        await Shop.PassAsync("other");
        (await Shop.HandledAsync("m")).ShouldBeEmpty();

        Shop.Faults.Mend("1");
        (await Shop.Box.RequestReplayAsync(head.Id, Olga, Cancel)).ShouldBeTrue();
        await Shop.UntilLettersAsync(0);
        foreach (var again in events)
            await Shop.SendAsync(again);
        await Shop.PassAsync("m");
        (await Shop.HandledAsync("m")).ShouldBe(["1", "2", "3", "4", "the last"]);
        (await Shop.Box.ListAsync(closed: true, Cancel)).ShouldHaveSingleItem().State.ShouldBe(DeadLetterState.Replayed);
    }

    [Fact, Trait("row", "S9.11")]
    public async Task Events_that_arrive_while_their_key_is_replayed_stay_in_order()
    {
        const int Count = 120;
        Shop.Faults.Break("0");
        await Shop.SendAsync(Workshop.Event("m", "0"));
        var head = (await Shop.UntilLettersAsync(1))[0];
        for (var i = 1; i <= 20; i++)
            await Shop.SendAsync(Workshop.Event("m", $"{i}"));
        await Shop.UntilLettersAsync(21);

        Shop.Faults.Mend("0");
        await Shop.Box.RequestReplayAsync(head.Id, Olga, Cancel);
        for (var i = 21; i < Count; i++)
            await Shop.SendAsync(Workshop.Event("m", $"{i}"));
        await Shop.UntilHandledAsync("m", Count);
        (await Shop.HandledAsync("m")).ShouldBe(Enumerable.Range(0, Count).Select(i => $"{i}"));
        await Shop.UntilLettersAsync(0);
    }

    [Fact, Trait("row", "S9.11")]
    public async Task A_replay_stops_at_the_first_event_that_fails_which_then_heads_its_key()
    {
        Shop.Faults.Break("1");
        Shop.Faults.Break("3");
        foreach (var name in new[] { "1", "2", "3", "4" })
            await Shop.SendAsync(Workshop.Event("m", name));
        var letters = await Shop.UntilLettersAsync(4);

        await Shop.Box.RequestReplayAsync(letters[0].Id, Olga, Cancel);
        await Wait.ForAsync(async () => (await Shop.Box.FindAsync(letters[0].Id, Cancel))!.Summary is { State: DeadLetterState.Waiting, Attempts: 4 });
        (await Shop.HandledAsync("m")).ShouldBeEmpty();

        Shop.Faults.Mend("1");
        await Shop.Box.RequestReplayAsync(letters[0].Id, Olga, Cancel);
        var left = await Shop.UntilLettersAsync(2);
        await Wait.ForAsync(async () => await Shop.Box.OpenRequestsAsync(Cancel) == 0);
        (await Shop.HandledAsync("m")).ShouldBe(["1", "2"]);
        left = await Shop.UntilLettersAsync(2);
        left[0].ShouldSatisfyAllConditions(
            head => head.Parked.ShouldBeFalse(),
            head => head.Reason.ShouldBe("3 is broken"),
            head => head.State.ShouldBe(DeadLetterState.Waiting));
        left[1].Parked.ShouldBeTrue();
        (await Shop.Box.RequestReplayAsync(left[1].Id, Olga, Cancel)).ShouldBeFalse();

        Shop.Faults.Mend("3");
        (await Shop.Box.RequestReplayOfAllAsync(Olga, Cancel)).ShouldBe(1);
        await Shop.UntilLettersAsync(0);
        (await Shop.HandledAsync("m")).ShouldBe(["1", "2", "3", "4"]);
    }

    [Fact, Trait("row", "S9.11")]
    public async Task Discarding_a_letter_keeps_it_with_the_reason_and_handles_what_is_parked_behind_it()
    {
        Shop.Faults.Break("1");
        foreach (var name in new[] { "1", "2", "3" })
            await Shop.SendAsync(Workshop.Event("m", name));
        var letters = await Shop.UntilLettersAsync(3);
        (await Shop.Box.RequestDiscardAsync(letters[0].Id, new Operator(Olga.Name, "it never happened"), Cancel)).ShouldBeTrue();
        await Shop.UntilLettersAsync(0);
        (await Shop.HandledAsync("m")).ShouldBe(["2", "3"]);
        var kept = (await Shop.Box.FindAsync(letters[0].Id, Cancel))!.Summary;
        kept.State.ShouldBe(DeadLetterState.Discarded);
        kept.Reason.ShouldContain("it never happened");
        kept.Reason.ShouldContain("1 is broken");
        (await Shop.Box.RequestReplayAsync(kept.Id, Olga, Cancel)).ShouldBeFalse();
    }

    [Fact, Trait("row", "S15.34"), Trait("row", "S15.28")]
    public async Task Who_asks_for_a_letter_is_reported_to_its_tenants_trail_once_and_only_where_it_was_done()
    {
        Shop.Faults.Break("1");
        Shop.Faults.Break("2");
        Shop.Faults.Break("3");
        foreach (var name in new[] { "1", "2", "3" })
            await Shop.SendAsync(Workshop.Event($"model {name}", name));
        await Shop.SendAsync("model 4", "unreadable"u8.ToArray());
        var letters = (await Shop.UntilLettersAsync(4)).OrderBy(letter => letter.Key, StringComparer.Ordinal).ToArray();

        (await Shop.Box.RequestDiscardAsync(letters[0].Id, new Operator("olga", "it \0 never happened"), Cancel)).ShouldBeTrue();
        (await Shop.Box.RequestDiscardAsync(letters[0].Id, new Operator("oscar", "nor this"), Cancel)).ShouldBeFalse();
        await Should.ThrowAsync<ArgumentException>(() => Shop.Box.RequestDiscardAsync(letters[1].Id, Olga, Cancel));
        (await Shop.Box.RequestReplayAsync(letters[1].Id, Olga, Cancel)).ShouldBeTrue();
        await Wait.ForAsync(async () => await Shop.Box.OpenRequestsAsync(Cancel) == 0);
        (await Shop.Box.RequestReplayOfAllAsync(new Operator("oscar"), Cancel)).ShouldBe(3);

        await Wait.ForAsync(() => Deeds().Count == 5);
        Deeds().Where(deed => deed.UserId == "olga").Select(deed => (deed.Action, deed.UserId, deed.TenantId, deed.ResourceType, deed.ResourceId, deed.Result)).ShouldBe(
        [
            ("DISCARD_DEAD_LETTER", "olga", Workshop.Tenant, "DEAD_LETTER", letters[0].Id.ToString(), "requested"),
            ("REPLAY_DEAD_LETTER", "olga", Workshop.Tenant, "DEAD_LETTER", letters[1].Id.ToString(), "requested"),
        ], ignoreOrder: true);
        var details = Deeds().Single(deed => deed.Action == "DISCARD_DEAD_LETTER").Details.ShouldNotBeNull();
        (details["reason"].GetString(), details["service"].GetString(), details["event_id"].GetString()).ShouldBe(("it \uFFFD never happened", "workshop", letters[0].EventId));
        Deeds().Where(deed => deed.UserId == "oscar").Select(deed => (deed.ResourceId, deed.TenantId)).ShouldBe(
            [(letters[1].Id.ToString(), Workshop.Tenant), (letters[2].Id.ToString(), Workshop.Tenant), (letters[3].Id.ToString(), OperatorDeed.Platform)], ignoreOrder: true);

        List<AuditLogCreated> Deeds() => [.. Shop.Log("phantom.audit").Select(record => EventCatalogue.Platform.Read(record.Message.Value)).Cast<AuditLogCreated>()];
    }

    [Fact, Trait("row", "S9.11")]
    public async Task A_parked_event_can_be_discarded_while_its_key_stays_blocked()
    {
        Shop.Faults.Break("1");
        foreach (var name in new[] { "1", "2", "3" })
            await Shop.SendAsync(Workshop.Event("m", name));
        var letters = await Shop.UntilLettersAsync(3);
        await Shop.Box.RequestDiscardAsync(letters[1].Id, new Operator(Olga.Name, "not this one"), Cancel);
        await Shop.UntilLettersAsync(2);
        (await Shop.HandledAsync("m")).ShouldBeEmpty();
        Shop.Faults.Mend("1");
        await Shop.Box.RequestReplayAsync(letters[0].Id, Olga, Cancel);
        await Shop.UntilLettersAsync(0);
        (await Shop.HandledAsync("m")).ShouldBe(["1", "3"]);
    }

    [Fact, Trait("row", "S9.11")]
    public async Task A_failure_that_passes_lets_the_request_stand_and_the_key_blocked_until_it_succeeds()
    {
        Shop.Faults.Break("1");
        await Shop.SendAsync(Workshop.Event("m", "1"));
        var letter = (await Shop.UntilLettersAsync(1))[0];
        var tried = new TaskCompletionSource();
        Shop.Faults.ByName["1"] = () =>
        {
            tried.TrySetResult();
            return new TransientFailureException("not now");
        };
        await Shop.Box.RequestReplayAsync(letter.Id, Olga, Cancel);
        await tried.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await Shop.SendAsync(Workshop.Event("m", "2"));
        (await Shop.UntilLettersAsync(2))[0].State.ShouldBe(DeadLetterState.ReplayRequested);
        Shop.Faults.Mend("1");
        await Shop.UntilLettersAsync(0);
        (await Shop.HandledAsync("m")).ShouldBe(["1", "2"]);
    }

    [Fact, Trait("row", "S12.17")]
    public async Task The_same_idempotency_key_with_other_content_is_put_aside_and_blocks_nothing()
    {
        await Shop.SendAsync(Workshop.Event("m", "1", idempotencyKey: "once"));
        await Shop.SendAsync(Workshop.Event("m", "1", idempotencyKey: "once"));
        await Shop.SendAsync(Workshop.Event("m", "other", idempotencyKey: "once"));
        await Shop.PassAsync("m");
        (await Shop.HandledAsync("m")).ShouldBe(["1", "the last"]);
        var letter = (await Shop.UntilLettersAsync(1))[0];
        letter.Blocks.ShouldBeFalse();
        letter.Reason.ShouldContain("'once'");

        // Whether it is another event is a person's decision: not one of many, but by itself.
        (await Shop.Box.RequestReplayOfAllAsync(Olga, Cancel)).ShouldBe(0);
        (await Shop.Box.RequestReplayAsync(letter.Id, Olga, Cancel)).ShouldBeTrue();
        await Shop.UntilLettersAsync(0);
        (await Shop.HandledAsync("m")).ShouldBe(["1", "the last", "other"]);
    }

    [Theory, Trait("row", "S9.11")]
    [InlineData("bad UTF-8")]
    [InlineData("truncated")]
    [InlineData("no JSON")]
    public async Task An_unreadable_record_is_kept_byte_for_byte_and_blocks_its_key(string fault)
    {
        var sound = EventCatalogue.Platform.Write(Workshop.Event("m", "1"));
        byte[] body = fault switch
        {
            "bad UTF-8" => [.. sound.AsSpan(..^10), 0xC3, 0x28, .. sound.AsSpan(^10..)],
            "truncated" => sound[..^7],
            _ => [0xFF, 0x00, 0x01],
        };
        await Shop.SendAsync("m", body, new Headers { { "event_type", "ModelDeleted"u8.ToArray() }, { "odd", [0x00, 0xFE] } });
        await Shop.SendAsync(Workshop.Event("m", "2"));
        var letters = await Shop.UntilLettersAsync(2);
        letters[1].Parked.ShouldBeTrue();
        var kept = (await Shop.Box.FindAsync(letters[0].Id, Cancel))!;
        kept.Body.ShouldBe(body);
        kept.Summary.Blocks.ShouldBeTrue();
        kept.Summary.Key.ShouldBe(PartitionKey.Of(Workshop.Tenant, "m"));
        kept.HeaderTexts.ShouldContain(new KeyValuePair<string, string>("event_type", "ModelDeleted"));

        // Replaying does not make it readable; discarding frees its key.
        await Shop.Box.RequestReplayAsync(letters[0].Id, Olga, Cancel);
        await Wait.ForAsync(async () => (await Shop.Box.FindAsync(letters[0].Id, Cancel))!.Summary is { State: DeadLetterState.Waiting, Attempts: 1 });
        await Shop.Box.RequestDiscardAsync(letters[0].Id, new Operator(Olga.Name, fault), Cancel);
        await Shop.UntilHandledAsync("m", 1);
        (await Shop.HandledAsync("m")).ShouldBe(["2"]);
    }

    [Fact, Trait("row", "S9.11")]
    public async Task An_event_of_an_unknown_kind_is_kept_and_blocks_nothing()
    {
        var body = Encoding.UTF8.GetBytes("""{"event_type":"ModelArchived","data":{"model_id":"m"}}""");
        await Shop.SendAsync("m", body);
        await Shop.PassAsync("m");
        var letter = (await Shop.UntilLettersAsync(1))[0];
        letter.Blocks.ShouldBeFalse();
        letter.EventType.ShouldBe("ModelArchived");
        (await Shop.Box.FindAsync(letter.Id, Cancel))!.Body.ShouldBe(body);
    }

    [Fact]
    public async Task A_record_of_another_platform_travels_byte_for_byte()
    {
        var sound = Encoding.UTF8.GetString(EventCatalogue.Platform.Write(Workshop.Event("m", "1")));
        var given = Encoding.UTF8.GetBytes(" " + sound.Replace("\"data\":{", "\"added_later\": [1, 2.50],\"data\":{ \"unknown\":\"\\u00e9\",", StringComparison.Ordinal) + " ");
        await using (var scope = Shop.Host.Services.CreateAsyncScope())
        {
            ((IServiceScope)scope).PublishRecord<WorkshopContext>(given);
            var refusal = Should.Throw<WireFormatException>(() => ((IServiceScope)scope).PublishRecord<WorkshopContext>("{}"u8.ToArray()));
            refusal.Field.ShouldBe("event_type");
            await scope.ServiceProvider.GetRequiredService<WorkshopContext>().SaveChangesAsync(Cancel);
        }

        await Shop.UntilHandledAsync("m", 1);

        // A relay that is not sure whether a record has arrived sends it again.
        var records = Shop.Log();
        records.ShouldAllBe(sent => sent.Message.Value.SequenceEqual(given));
        var record = records[0];
        Encoding.UTF8.GetString(record.Message.Key).ShouldBe(PartitionKey.Of(Workshop.Tenant, "m"));
        record.Message.Headers.TryGetLastBytes("event_type", out var type).ShouldBeTrue();
        type.ShouldBe("ModelDeleted"u8.ToArray());
        await Wait.ForAsync(async () => await Shop.Host.Services.OutboxDepthAsync<WorkshopContext>(Cancel) == (0, 0));
    }
}
