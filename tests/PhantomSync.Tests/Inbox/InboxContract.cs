using System.Net.Sockets;
using System.Text;
using Confluent.Kafka;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Embedded;
using PhantomSync.Kafka.Wire;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Inbox;

/// <summary>What becomes of records that come twice, fail, or cannot be read, on every store.</summary>
public abstract class InboxContract : LedgerContract
{
    [Fact, Trait("row", "S12.11")]
    public async Task A_redelivered_event_is_applied_once()
    {
        var bed = await StartAsync();
        var written = RiderBed.Written(RiderBed.Created("one"));
        for (var i = 0; i < 3; i++)
            await bed.ProduceAsync(RiderBed.Models, written.Key, written.Body, WireHeaders.Of(written));
        await bed.ProduceAsync(RiderBed.Created("end"));
        (await bed.NotesAsync(2)).ShouldBe(["one", "end"]);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S12.12")]
    public async Task An_event_repeated_after_a_restart_is_applied_once()
    {
        using var cluster = new MockCluster();
        var written = RiderBed.Written(RiderBed.Created("one"));
        var first = await StartAsync(new Plan { Cluster = cluster });
        await first.ProduceAsync(RiderBed.Models, written.Key, written.Body);
        await first.NotesAsync(1);
        await first.DisposeAsync();

        var second = await StartAsync(new Plan { Cluster = cluster });
        await second.ProduceAsync(RiderBed.Models, written.Key, written.Body);
        await second.ProduceAsync(RiderBed.Created("end"));
        (await second.NotesAsync(2)).ShouldBe(["one", "end"]);
        await second.DisposeAsync();
    }

    [Fact, Trait("row", "S12.13")]
    public async Task The_same_event_in_two_partitions_at_once_is_applied_once()
    {
        using var cluster = new MockCluster();
        var first = await StartAsync(new Plan { Cluster = cluster, Partitions = 8 });
        var second = await StartAsync(new Plan { Cluster = cluster, Partitions = 8 });
        var events = Enumerable.Range(0, 100).Select(i => RiderBed.Written(RiderBed.Created($"{i}"))).ToArray();

        // Without a key the record goes anywhere: to any partition and so to either host.
        foreach (var copy in Enumerable.Range(0, 4))
            await Task.WhenAll(events.Select(written => first.ProduceAsync(RiderBed.Models, null, written.Body)));
        (await first.NotesAsync(100)).Order().ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i}").Order());
        await second.DisposeAsync();
        await first.StopAsync();
        (await first.NotesAsync()).Count.ShouldBe(100);
        await first.DisposeAsync();
    }

    [Fact, Trait("row", "S12.16")]
    public async Task The_same_key_in_two_tenants_makes_two_effects()
    {
        var bed = await StartAsync();
        var metadata = SyncMetadata.Unset with { IdempotencyKey = "order-1" };
        await bed.ProduceAsync(RiderBed.Created("a", tenant: "acme", metadata: metadata), RiderBed.Created("b", tenant: "bigco", metadata: metadata));
        (await bed.NotesAsync(2)).ShouldBe(["a", "b"]);
    }

    [Fact, Trait("row", "S12.17")]
    public async Task The_same_key_with_other_content_is_a_dead_letter_and_holds_nothing_up()
    {
        var bed = await StartAsync();
        var metadata = SyncMetadata.Unset with { IdempotencyKey = "order-1" };
        await bed.ProduceAsync(RiderBed.Created("a", metadata: metadata), RiderBed.Created("other", metadata: metadata), RiderBed.Created("end"));
        (await bed.NotesAsync(2)).ShouldBe(["a", "end"]);
        await bed.LettersAsync(1);
        ((string?)await bed.ScalarAsync("SELECT reason FROM dead_letter"))!.ShouldContain("order-1");
        (await bed.CountAsync("dead_letter", "blocks")).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_key_with_other_content_is_noticed_within_one_batch_too()
    {
        using var cluster = new MockCluster();
        var feeder = await StartAsync(new Plan { Cluster = cluster, Consume = false });
        var metadata = SyncMetadata.Unset with { IdempotencyKey = "order-1" };
        var one = RiderBed.Written(RiderBed.Created("a", metadata: metadata));
        var other = RiderBed.Written(RiderBed.Created("other", metadata: metadata));
        foreach (var written in new[] { one, one, other, one })
            await feeder.ProduceAsync(RiderBed.Models, written.Key, written.Body);
        await feeder.ProduceAsync(RiderBed.Created("end"));

        var bed = await StartAsync(new Plan { Cluster = cluster });
        (await bed.NotesAsync(2)).ShouldBe(["a", "end"]);
        await bed.LettersAsync(1);
        (await bed.CountAsync("dead_letter")).ShouldBe(1);
        await bed.DisposeAsync();
        await feeder.DisposeAsync();
    }

    [Fact, Trait("row", "S9.10")]
    public async Task A_handler_that_fails_the_first_time_is_tried_again()
    {
        var bed = await StartAsync(script: script => script.Act = deed => script.Count(deed.Note) == 1 ? throw new InvalidOperationException("not yet") : Task.CompletedTask);
        await bed.ProduceAsync(RiderBed.Created("one"));
        (await bed.NotesAsync(1)).ShouldBe(["one"]);
        bed.Script.Count("one").ShouldBe(2);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S9.01")]
    public async Task A_poison_message_pays_alone_and_later_ones_of_its_key_wait_behind_it()
    {
        using var cluster = new MockCluster();
        var feeder = await StartAsync(new Plan { Cluster = cluster, Consume = false });
        await feeder.FloodAsync(Enumerable.Range(0, 40).Select(i => RiderBed.Created(i == 13 ? "poison" : $"{i}", model: $"m{i % 5}")));

        var bed = await StartAsync(new Plan { Cluster = cluster }, script => script.Act = deed => deed.Note == "poison" ? throw new FormatException("bad") : Task.CompletedTask);
        var blocked = Enumerable.Range(14, 26).Where(i => i % 5 == 3).ToArray();
        (await bed.NotesAsync(40 - 1 - blocked.Length)).ShouldBe(Enumerable.Range(0, 40).Where(i => i != 13 && !blocked.Contains(i)).Select(i => $"{i}"), ignoreOrder: true);
        await bed.LettersAsync(1 + blocked.Length);
        (await bed.CountAsync("dead_letter", "parked")).ShouldBe(blocked.Length);
        (await bed.CountAsync("dead_letter", "NOT parked AND attempts = 3 AND exception LIKE '%FormatException%bad%'")).ShouldBe(1);

        // The letter's copy goes to its topic, with what happened.
        var copy = (await bed.RecordsAsync(1, DeadLetterRecord.Topic)).ShouldHaveSingleItem();
        WireHeaders.Text(copy.Message.Headers, "dead_letter_reason").ShouldBe("bad");
        WireHeaders.Text(copy.Message.Headers, "dead_letter_topic").ShouldBe(RiderBed.Models);
        WireHeaders.Text(copy.Message.Headers, WireHeaders.EventType).ShouldBe("ModelCreated");
        await bed.DisposeAsync();
        await feeder.DisposeAsync();
    }

    [Fact, Trait("row", "S9.02")]
    public async Task What_cannot_be_read_is_a_dead_letter_with_its_bytes_and_blocks_its_key_only()
    {
        var bed = await StartAsync();
        await bed.ProduceAsync(RiderBed.Models, "t:m", Encoding.UTF8.GetBytes("{\"event_type\":\"ModelCreated\",\"data\":{}}"));
        await bed.ProduceAsync(RiderBed.Models, "x", [0xFF, 0x00, 0x01]);
        await bed.ProduceAsync(RiderBed.Created("parked"), RiderBed.Created("other", model: "n"));
        (await bed.NotesAsync(1)).ShouldBe(["other"]);
        await bed.LettersAsync(3);
        (await bed.CountAsync("dead_letter", "parked")).ShouldBe(1);
        (await bed.CountAsync("dead_letter", "key = 'x' AND length(body) = 3")).ShouldBe(1);
    }

    [Fact]
    public async Task A_record_with_unstorable_text_does_not_hold_up_its_partition()
    {
        var bed = await StartAsync();
        var headers = new Confluent.Kafka.Headers { { WireHeaders.EventType, Encoding.UTF8.GetBytes("No\0body") } };
        await bed.ProduceAsync(RiderBed.Models, "k", Encoding.UTF8.GetBytes("{}"), headers);
        await bed.ProduceAsync(RiderBed.Models, new string('k', 20_000), Encoding.UTF8.GetBytes("long key"));
        var noise = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8_000));
        await bed.ProduceAsync(RiderBed.Models, noise, Encoding.UTF8.GetBytes("long and incompressible key"));
        await bed.ProduceAsync(RiderBed.Created("end", model: "n"));
        (await bed.NotesAsync(1)).ShouldBe(["end"]);
        await bed.LettersAsync(3);
    }

    [Fact]
    public async Task A_failure_whose_text_no_store_takes_is_still_put_away()
    {
        var bed = await StartAsync(script: script => script.Act = deed => deed.Note == "poison" ? throw new FormatException("half \ud800 and \0 and " + new string('x', 300_000)) : Task.CompletedTask);
        await bed.ProduceAsync(RiderBed.Created("poison"), RiderBed.Created("end", model: "n"));
        (await bed.NotesAsync(1)).ShouldBe(["end"]);
        await bed.LettersAsync(1);
        (await bed.RecordsAsync(1, DeadLetterRecord.Topic)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Kinds_that_nobody_knows_are_kept_and_hold_nothing_up()
    {
        var bed = await StartAsync();
        await bed.ProduceAsync(RiderBed.Models, "t:m", Encoding.UTF8.GetBytes("{\"event_type\":\"ModelExploded\",\"data\":{}}"));
        await bed.ProduceAsync(RiderBed.Created("end"));
        (await bed.NotesAsync(1)).ShouldBe(["end"]);
        await bed.LettersAsync(1, "event_type = 'ModelExploded' AND NOT blocks");
    }

    [Fact, Trait("row", "S9.03")]
    public async Task A_tombstone_is_passed_over()
    {
        var bed = await StartAsync();
        using (var producer = bed.Connection.BuildProducer())
            await producer.ProduceAsync(RiderBed.Models, new Message<byte[], byte[]> { Key = "t:m"u8.ToArray(), Value = null! }, Cancel);
        await bed.ProduceAsync(RiderBed.Created("end"));
        (await bed.NotesAsync(1)).ShouldBe(["end"]);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
        await Wait.ForAsync(async () => await bed.CommittedAsync() == 2, "the offset after both is committed");
    }

    [Fact, Trait("row", "S9.01")]
    public async Task While_a_store_is_away_the_partition_waits_and_nothing_becomes_a_dead_letter()
    {
        var away = true;
        var bed = await StartAsync(script: script => script.Act = deed => Volatile.Read(ref away) ? throw new SocketException((int)SocketError.ConnectionRefused) : Task.CompletedTask);
        await bed.ProduceAsync(RiderBed.Created("one"), RiderBed.Created("two"));
        await Wait.ForAsync(() => Task.FromResult(bed.Script.Count("one") >= 5), "it is tried again and again");
        (await bed.CommittedAsync()).ShouldBe(-1, "the offset does not move");
        (await bed.CountAsync("inbox" + (Store.IsPostgres ? "" : "_1"))).ShouldBe(0);
        Volatile.Write(ref away, false);
        (await bed.NotesAsync(2)).ShouldBe(["one", "two"]);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S9.10")]
    public async Task Failures_that_pass_do_not_use_up_the_attempts_of_a_message()
    {
        var bed = await StartAsync(script: script => script.Act = deed => script.Count(deed.Note) switch
        {
            <= 4 => throw new TimeoutException("the store is away"),
            5 => throw new FormatException("one real failure"),
            _ => Task.CompletedTask,
        });
        await bed.ProduceAsync(RiderBed.Created("one"));
        (await bed.NotesAsync(1)).ShouldBe(["one"]);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact]
    public async Task A_row_that_somebody_else_changed_meanwhile_is_read_again()
    {
        var interfered = 0;
        var bed = await StartAsync(script: script => script.Act = async deed =>
        {
            var account = await deed.Ledger.Accounts.FindAsync(["a"], Cancel) ?? deed.Ledger.Accounts.Add(new Account { Name = "a" }).Entity;
            account.Balance++;
            if (deed.Note == "5" && Store.IsPostgres && Interlocked.Exchange(ref interfered, 1) == 0)
            {
                await using var scope = deed.Services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<LedgerContext>().Accounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.Balance, a => a.Balance + 100), Cancel);
            }
            else if (deed.Note == "5" && Interlocked.Exchange(ref interfered, 1) == 0)
            {
                throw new DbUpdateConcurrencyException("SQLite has one writer: nobody can interfere for real");
            }
        });
        // The row must stand there before somebody else can change it.
        await bed.ProduceAsync([RiderBed.Created("0")]);
        await bed.NotesAsync(1);
        await bed.ProduceAsync(Enumerable.Range(1, 9).Select(i => RiderBed.Created($"{i}")));
        await bed.NotesAsync(10);
        interfered.ShouldBe(1);
        Convert.ToInt32(await bed.ScalarAsync("SELECT \"Balance\" FROM accounts")).ShouldBe(Store.IsPostgres ? 110 : 10);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact, Trait("row", "S12.15")]
    public async Task What_one_service_has_handled_is_still_new_to_another()
    {
        using var cluster = new MockCluster();
        var fail = true;
        var first = await StartAsync(new Plan { Cluster = cluster, Group = "first" });
        var second = await StartAsync(new Plan { Cluster = cluster, Group = "second" }, script => script.Act = deed => Volatile.Read(ref fail) ? throw new TimeoutException() : Task.CompletedTask);
        await first.ProduceAsync(RiderBed.Created("one"));
        await first.NotesAsync(1);
        await Wait.ForAsync(() => Task.FromResult(second.Script.Count("one") > 1), "the second has tried");
        Volatile.Write(ref fail, false);
        await first.NotesAsync(2);
        first.Script.Count("one").ShouldBe(1);
        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_stops_at_its_limits()
    {
        using var cluster = new MockCluster();
        var feeder = await StartAsync(new Plan { Cluster = cluster, Consume = false });
        await feeder.FloodAsync(Enumerable.Range(0, 100).Select(i => RiderBed.Created($"{i}")));
        var sizes = new List<int>();
        var bed = await StartAsync(
            new Plan { Cluster = cluster, Service = service => service.Consumer<ApplyModel>().Options(options => options.BatchLimit = 7) },
            script => script.Act = deed =>
            {
                sizes.Add(deed.Ledger.Effects.Local.Count);
                return Task.CompletedTask;
            });
        (await bed.NotesAsync(100)).ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i}"));
        sizes.Max().ShouldBe(7);
        await bed.DisposeAsync();
        await feeder.DisposeAsync();
    }

    [Fact, Trait("row", "S9.16")]
    public async Task Effect_inbox_and_new_events_are_one_transaction()
    {
        var bed = await StartAsync(script: script => script.Act = async deed =>
        {
            if (deed.Event is ModelDeleted)
                return;
            await deed.Context.Publish(RiderBed.Deleted($"after {deed.Note}", model: "other"));
            if (deed.Note == "poison")
                throw new FormatException("after publishing");
        });
        await bed.ProduceAsync(RiderBed.Created("poison", model: "p"), RiderBed.Created("one"));
        (await bed.NotesAsync(2)).ShouldBe(["one", "after one"]);
        (await bed.RecordsAsync(3)).Count.ShouldBe(3, "what the failed attempts published has not left");
    }
}
