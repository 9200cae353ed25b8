using MassTransit;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Riding;

namespace PhantomSync.Tests.Riding;

/// <summary>Consumers of one event share its scope, which bears one user at a time.</summary>
public sealed class ConsumerTurnTests : LedgerContract
{
    [Fact, Trait("row", "S12.11")]
    public async Task Consumers_of_one_event_run_one_after_the_other()
    {
        var inside = 0;
        var most = 0;
        var bed = await StartAsync(
            new Plan { Service = service => service.Consumer<ApplyModel>().Consumer<ApplyModelToo>() },
            script => script.Act = async deed =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                for (var i = 0; i < 20; i++)
                    await Task.Yield();
                Interlocked.Decrement(ref inside);
            });
        await bed.ProduceAsync(Enumerable.Range(0, 20).Select(i => RiderBed.Created($"{i}")));
        (await bed.NotesAsync(40)).ShouldBe(Enumerable.Range(0, 20).SelectMany(i => new[] { $"{i}", $"{i} too" }));
        most.ShouldBe(1);
    }

    [Fact]
    public async Task When_one_of_them_fails_nothing_of_any_is_kept()
    {
        var bed = await StartAsync(
            new Plan { Service = service => service.Consumer<ApplyModel>().Consumer<ApplyModelToo>() },
            script => script.Act = async deed =>
            {
                await Task.Yield();
                if (deed.Note == "bad")
                    throw new InvalidDataException("the first consumer's");
            });
        await bed.ProduceAsync(RiderBed.Created("bad"), RiderBed.Created("end", model: "other"));
        (await bed.NotesAsync(2)).ShouldBe(["end", "end too"]);
        await bed.LettersAsync(1, "reason LIKE '%the first consumer%'");
    }

    [Fact]
    public async Task An_attempt_that_MassTransit_itself_repeats_is_made_where_attempts_share_no_context()
    {
        var bed = await StartAsync(new Plan
        {
            Rider = rider => rider.AddService("plain", service => service.Endpoint((_, endpoint) => endpoint.UseMessageRetry(retry => retry.Immediate(1))).Consumer<FailOnce>()),
        });
        await bed.ProduceAsync(RiderBed.Created("again"));
        await bed.NotesAsync(1);
        await Wait.ForAsync(() => Task.FromResult(bed.Script.Count("again once") == 2), "the attempt has been repeated");
    }

    [Theory]
    [InlineData("endpoint")]
    [InlineData("consumer")]
    public async Task MassTransit_s_own_retry_is_refused_where_attempts_share_a_context(string place)
    {
        await using var bed = await RiderBed.CreateAsync(Store, new Plan
        {
            Service = service => service.Endpoint((context, endpoint) =>
            {
                if (place == "endpoint")
                    endpoint.UseMessageRetry(retry => retry.Immediate(1));
                endpoint.ConfigureConsumer<ApplyModel>(context, consumer =>
                {
                    if (place == "consumer")
                        consumer.UseMessageRetry(retry => retry.Immediate(1));
                });
            }),
            Rider = rider => rider.AddConsumer<ApplyModel>(),
        });
        var refusal = await Should.ThrowAsync<ConfigurationException>(() => bed.Host.StartAsync(Cancel));
        refusal.GetBaseException().Message.ShouldStartWith("Topic endpoint 'ledger' has UseMessageRetry");
    }

    [Fact]
    public async Task A_consumer_that_fails_takes_no_turn_from_the_others_nor_from_its_next_attempt()
    {
        var turns = new ConsumerTurns();
        var ran = new List<string>();
        Task Turn(string name, bool fails = false) => turns.TakeAsync(async () =>
        {
            await Task.Yield();
            ran.Add(name);
            if (fails)
                throw new InvalidDataException(name);
        });
        var (first, second, third) = (Turn("first", fails: true), Turn("second"), Turn("third"));
        await Should.ThrowAsync<InvalidDataException>(() => first);
        await Task.WhenAll(Turn("first again"), second, third);
        ran.ShouldBe(["first", "second", "third", "first again"]);
    }

    protected override Task<LedgerStore> CreateStoreAsync() => Task.FromResult(LedgerStore.Sqlite());
}

/// <summary>A second consumer of the same event in the same service.</summary>
public sealed class ApplyModelToo(LedgerContext ledger, Script script, IServiceProvider services) : IConsumer<ModelCreated>
{
    public async Task Consume(ConsumeContext<ModelCreated> context)
    {
        var message = context.Message;
        var note = $"{message.Name} too";
        script.Attempts.Enqueue(note);
        ledger.Effects.Add(new Effect { EventId = message.SyncMetadata.EventId, Tenant = message.TenantId, Model = message.ModelId, Note = note });
        await script.Act(new Deed(message, note, context, ledger, services));
    }
}

/// <summary>Keeps nothing, and fails at its first attempt.</summary>
public sealed class FailOnce(Script script) : IConsumer<ModelCreated>
{
    public Task Consume(ConsumeContext<ModelCreated> context)
    {
        var note = $"{context.Message.Name} once";
        script.Attempts.Enqueue(note);
        return script.Count(note) == 1 ? throw new InvalidDataException("the first attempt's") : Task.CompletedTask;
    }
}
