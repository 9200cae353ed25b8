using System.Text;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Riding;
using PhantomSync.Kafka.Wire;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Publishing;

/// <summary>What is published in a scope leaves with its transaction, on every store.</summary>
public abstract class PublishingContract : LedgerContract
{
    private static readonly SyncEventWireFormat Format = new(EventCatalogue.Platform);

    [Fact, Trait("row", "S8.01")]
    public async Task Without_SaveChanges_nothing_is_published()
    {
        var bed = await StartAsync();
        await using (var scope = bed.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(RiderBed.Created("lost"), Cancel);
        await bed.PublishAsync(RiderBed.Created("end"));
        (await bed.NotesAsync(1)).ShouldBe(["end"]);
        (await bed.RecordsAsync(1)).Count.ShouldBe(1);
    }

    [Fact, Trait("row", "S8.01")]
    public async Task A_rollback_publishes_nothing_and_a_commit_all_in_order()
    {
        var bed = await StartAsync();
        await using (var scope = bed.Services.CreateAsyncScope())
        {
            var (ledger, publish) = Parts(scope);
            await using (var rolledBack = await ledger.Database.BeginTransactionAsync(Cancel))
            {
                await publish.Publish(RiderBed.Created("rolled back"), Cancel);
                await ledger.SaveChangesAsync(Cancel);
            }

            await using var committed = await ledger.Database.BeginTransactionAsync(Cancel);
            for (var i = 0; i < 30; i++)
            {
                await publish.Publish(RiderBed.Created($"{i}"), Cancel);
                if (i % 10 == 0)
                    await ledger.SaveChangesAsync(Cancel);
            }

            await ledger.SaveChangesAsync(Cancel);
            (await bed.RecordsAsync(0)).ShouldBeEmpty("nothing leaves before the commit");
            await committed.CommitAsync(Cancel);
        }

        (await bed.NotesAsync(30)).ShouldBe(Enumerable.Range(0, 30).Select(i => $"{i}"));
        (await bed.RecordsAsync(30)).Count.ShouldBe(30);
    }

    [Fact]
    public async Task A_save_that_is_accepted_later_or_done_again_publishes_once()
    {
        var bed = await StartAsync();
        await using var scope = bed.Services.CreateAsyncScope();
        var (ledger, publish) = Parts(scope);

        // As an execution strategy does it: save without accepting, lose the transaction, save again.
        await publish.Publish(RiderBed.Created("one"), Cancel);
        await using (var lost = await ledger.Database.BeginTransactionAsync(Cancel))
            await ledger.SaveChangesAsync(acceptAllChangesOnSuccess: false, Cancel);
        await using (var kept = await ledger.Database.BeginTransactionAsync(Cancel))
        {
            await ledger.SaveChangesAsync(acceptAllChangesOnSuccess: false, Cancel);
            await kept.CommitAsync(Cancel);
        }

        ledger.ChangeTracker.AcceptAllChanges();
        (await bed.NotesAsync(1)).ShouldBe(["one"]);
        await publish.Publish(RiderBed.Created("two"), Cancel);
        await ledger.SaveChangesAsync(Cancel);
        await ledger.SaveChangesAsync(Cancel);
        (await bed.NotesAsync(2)).ShouldBe(["one", "two"]);
        ledger.ChangeTracker.Entries().ShouldBeEmpty("a long-lived context does not keep what it has published");
        (await bed.RecordsAsync(2)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_failed_save_left_behind_goes_with_the_next_one()
    {
        var bed = await StartAsync();
        await using var scope = bed.Services.CreateAsyncScope();
        var (ledger, publish) = Parts(scope);
        await publish.Publish(RiderBed.Created("one"), Cancel);
        var wrong = ledger.Effects.Add(new Effect { EventId = default, Tenant = "t", Model = "m", Note = null! });
        await Should.ThrowAsync<DbUpdateException>(() => ledger.SaveChangesAsync(Cancel));
        wrong.State = EntityState.Detached;
        await ledger.SaveChangesAsync(Cancel);
        (await bed.NotesAsync(1)).ShouldBe(["one"]);
    }

    [Fact, Trait("row", "S3.01")]
    public async Task Metadata_is_filled_in_and_what_the_caller_gave_is_kept()
    {
        var bed = await StartAsync();
        var given = SyncMetadata.Unset with { IdempotencyKey = "mine", CorrelationId = Guid.NewGuid(), SourceService = "elsewhere" };
        await bed.PublishAsync(RiderBed.Created("bare"), RiderBed.Created("given", metadata: given));
        var records = await bed.RecordsAsync(2);
        var bare = Read(records[0].Message.Value).SyncMetadata;
        bare.EventId.Version.ShouldBe(7);
        bare.SourceService.ShouldBe("ledger");
        bare.SourceVersion.ShouldBe("1.2.3");
        bare.TenantId.ShouldBe("t");
        bare.IdempotencyKey.ShouldBe($"ledger:{bare.EventId}");
        bare.OccurredAt.ToDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        bare.CausationId.ShouldBeNull();
        var kept = Read(records[1].Message.Value).SyncMetadata;
        kept.IdempotencyKey.ShouldBe("mine");
        kept.CorrelationId.ShouldBe(given.CorrelationId);
        kept.SourceService.ShouldBe("elsewhere");
        WireHeaders.Text(records[1].Message.Headers, WireHeaders.IdempotencyKey).ShouldBe("mine");
        WireHeaders.Text(records[1].Message.Headers, WireHeaders.EventId).ShouldBe(kept.EventId.ToString());
        WireHeaders.Text(records[1].Message.Headers, WireHeaders.TenantId).ShouldBe("t");
    }

    [Fact]
    public async Task What_is_set_while_publishing_counts()
    {
        var bed = await StartAsync();
        var (id, conversation) = (Guid.CreateVersion7(), Guid.NewGuid());
        await using var scope = bed.Services.CreateAsyncScope();
        var (ledger, publish) = Parts(scope);
        await publish.Publish(RiderBed.Created("one"), context =>
        {
            context.MessageId = id;
            context.CorrelationId = conversation;
            context.Headers.Set("team", "blue");
            context.Headers.Set("event_type", "Forged");
        }, Cancel);
        await publish.Publish(RiderBed.Created("late", model: "n"), context => context.Delay = TimeSpan.FromHours(1), Cancel);
        await ledger.SaveChangesAsync(Cancel);
        await bed.NotesAsync(1);
        var record = (await bed.RecordsAsync(1)).ShouldHaveSingleItem("the other one waits for its time");
        var metadata = Read(record.Message.Value).SyncMetadata;
        metadata.EventId.ShouldBe(id);
        metadata.CorrelationId.ShouldBe(conversation);
        WireHeaders.Text(record.Message.Headers, "team").ShouldBe("blue");
        WireHeaders.Text(record.Message.Headers, WireHeaders.EventType).ShouldBe("ModelCreated");
    }

    [Fact]
    public async Task Every_way_of_publishing_ends_in_the_outbox()
    {
        var bed = await StartAsync();
        await using var scope = bed.Services.CreateAsyncScope();
        var (ledger, publish) = Parts(scope);
        await publish.Publish<ISyncEvent>(RiderBed.Created("interface"), Cancel);
        await publish.Publish((object)RiderBed.Created("object"), Cancel);
        await publish.Publish(RiderBed.Created("type"), RiderBed.Created("").GetType(), Cancel);
        await publish.PublishBatch([RiderBed.Created("batch 1"), RiderBed.Created("batch 2")], Cancel);
        await publish.Publish<ModelCreated>(new { ModelId = "m", TenantId = "t", Name = "values", ModelType = "x", Algorithm = "y", CreatedBy = "z" }, Cancel);
        await scope.ServiceProvider.GetRequiredService<ITopicProducer<ModelCreated>>().Produce(RiderBed.Created("producer"), Cancel);
        var endpoint = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(new Uri("queue:anywhere"));
        await endpoint.Send(RiderBed.Created("send"), Cancel);
        await ledger.SaveChangesAsync(Cancel);
        (await bed.NotesAsync(8)).ShouldBe(["interface", "object", "type", "batch 1", "batch 2", "values", "producer", "send"]);
    }

    [Fact]
    public async Task A_topic_producer_in_a_scope_without_an_outbox_sends_at_once()
    {
        var bed = await StartAsync(new Plan { Outbox = static _ => { } });
        await using var scope = bed.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ITopicProducer<ModelCreated>>().Produce(RiderBed.Created("now"), Cancel);
        (await bed.RecordsAsync(1)).Count.ShouldBe(1);
        (await bed.NotesAsync(1)).ShouldBe(["now"]);

        // There is no outbox to go to, and the bus would take it nowhere.
        (await Should.ThrowAsync<InvalidOperationException>(() => Parts(scope).Publish.Publish(RiderBed.Created("never"), Cancel))).Message.ShouldContain("UseBusOutbox");

        await using var named = bed.Services.CreateAsyncScope();
        named.UseOutbox<LedgerContext>();
        var (ledger, publish) = Parts(named);
        await publish.Publish(RiderBed.Created("named"), Cancel);
        await named.ServiceProvider.GetRequiredService<ITopicProducer<ModelCreated>>().Produce(RiderBed.Created("with it"), Cancel);
        await ledger.SaveChangesAsync(Cancel);
        (await bed.NotesAsync(3)).ShouldBe(["now", "named", "with it"]);
    }

    [Fact]
    public async Task What_has_no_topic_goes_to_the_bus_also_from_a_consumer()
    {
        var taken = new TaskCompletionSource<ConsumeContext<Ping>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bed = await StartAsync(
            new Plan
            {
                Bus = bus => bus.AddHandler((ConsumeContext<Ping> ping) =>
            {
                taken.TrySetResult(ping);
                return Task.CompletedTask;
            })
            },
            script => script.Act = deed => deed.Services.GetRequiredService<IPublishEndpoint>().Publish(new Ping(deed.Note)));
        await bed.PublishAsync(RiderBed.Created("one"));
        var ping = await taken.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        ping.Message.Text.ShouldBe("one");
        await bed.NotesAsync(1);
        ping.ConversationId.ShouldBe((await bed.EffectsAsync())[0].EventId);
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_refused_where_it_is_published()
    {
        var bed = await StartAsync();
        await using var scope = bed.Services.CreateAsyncScope();
        var (ledger, publish) = Parts(scope);
        var refusal = await Should.ThrowAsync<ArgumentException>(() => publish.Publish(RiderBed.Created(new string('x', 1_000_000)), Cancel));
        refusal.Message.ShouldContain("ModelCreated");
        await publish.Publish(RiderBed.Created("end"), Cancel);
        await ledger.SaveChangesAsync(Cancel);
        (await bed.NotesAsync(1)).ShouldBe(["end"]);
    }

    [Theory, Trait("row", "S3.05")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Over_three_hops_every_event_names_its_cause_also_in_the_middle_of_a_batch(bool injected)
    {
        // A scope handles a whole batch: what is injected once must still speak for the message in hand.
        var bed = await StartAsync(
            new Plan { Outbox = static _ => { }, Service = service => service.Consumer<ApplyModel>() },
            script => script.Act = deed =>
            {
                if (deed.Note.Length > 6)
                    return Task.CompletedTask;
                var publish = injected ? deed.Services.GetRequiredService<IPublishEndpoint>() : deed.Context;
                return publish.Publish(RiderBed.Created(deed.Note + "+", model: deed.Note));
            });
        await bed.FloodAsync(Enumerable.Range(0, 20).Select(i => RiderBed.Created($"{i:0000}")));
        await bed.NotesAsync(20 * 4, seconds: 120);
        var events = (await bed.RecordsAsync(80)).Select(record => (ModelCreated)Read(record.Message.Value)).ToDictionary(e => e.Name);
        foreach (var (name, e) in events.Where(pair => pair.Key.EndsWith('+')))
        {
            e.SyncMetadata.CausationId.ShouldBe(events[name[..^1]].SyncMetadata.EventId);
            e.SyncMetadata.CorrelationId.ShouldBe(events[name[..4]].SyncMetadata.EventId);
        }
    }

    private static (LedgerContext Ledger, IPublishEndpoint Publish) Parts(AsyncServiceScope scope) =>
        (scope.ServiceProvider.GetRequiredService<LedgerContext>(), scope.ServiceProvider.GetRequiredService<IPublishEndpoint>());

    private static ISyncEvent Read(byte[] body) => (ISyncEvent)Format.Read(body).Message;

    public sealed record Ping(string Text);
}
