using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Journeys;
using PhantomSync.Tests.DeadLetters;
using PhantomSync.Tests.Relaying;

namespace PhantomSync.Tests.Journeys;

/// <summary>What a service says of an event, whatever the database.</summary>
[Trait("row", "S15.35")]
public abstract class JourneyContract : IAsyncLifetime
{
    private Workshop Shop { get; set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<Workshop> OpenAsync();

    public async ValueTask InitializeAsync() => Shop = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Shop is not null)
            await Shop.DisposeAsync();
    }

    [Fact]
    public async Task An_event_is_followed_from_unseen_to_handled_through_the_dead_letters()
    {
        var (first, second, other) = (Workshop.Event("m", "1"), Workshop.Event("m", "2"), Workshop.Event("n", "other", idempotencyKey: "a key of its own"));
        (await StageOfAsync(first)).ShouldBe(EventStage.NotSeen);

        Shop.Faults.Break("1");
        await Shop.SendAsync(first);
        await Shop.SendAsync(second);
        await Shop.SendAsync(other);
        var letters = await Shop.UntilLettersAsync(2);
        await Shop.UntilHandledAsync("n", 1);
        (await OfAsync(first)).ShouldBe(new EventOutcome("workshop", EventStage.DeadLettered) { At = letters[0].LastFailedAt, LetterId = letters[0].Id, Reason = "1 is broken" });
        (await StageOfAsync(second)).ShouldBe(EventStage.Parked);
        var handled = await OfAsync(other);
        (handled.Stage, handled.At is not null).ShouldBe((EventStage.Handled, true));

        // Whose event it is counts: another tenant's is not told of.
        (await StageOfAsync(first, tenant: "globex")).ShouldBe(EventStage.NotSeen);
        (await StageOfAsync(other, tenant: "globex")).ShouldBe(EventStage.NotSeen);

        Shop.Faults.Mend("1");
        await Shop.Box.RequestReplayAsync(letters[0].Id, new Operator("olga"), Cancel);
        await Shop.UntilLettersAsync(0);
        (await OfAsync(first)).ShouldSatisfyAllConditions(
            outcome => outcome.Stage.ShouldBe(EventStage.Handled),
            outcome => outcome.LetterId.ShouldBe(letters[0].Id));
        (await StageOfAsync(second)).ShouldBe(EventStage.Handled);
    }

    [Fact]
    public async Task What_was_given_up_and_what_came_second_under_a_key_are_told_apart()
    {
        Shop.Faults.Break("lost");
        var lost = Workshop.Event("m", "lost");
        await Shop.SendAsync(lost);
        var letter = (await Shop.UntilLettersAsync(1))[0];
        await Shop.Box.RequestDiscardAsync(letter.Id, new Operator("olga", "never mind"), Cancel);
        await Shop.UntilLettersAsync(0);
        (await OfAsync(lost)).ShouldSatisfyAllConditions(
            outcome => outcome.Stage.ShouldBe(EventStage.Discarded),
            outcome => outcome.Reason!.ShouldContain("never mind"));

        var id = Guid.CreateVersion7();
        await Shop.SendAsync(Workshop.Event("m", "this", id));
        await Shop.SendAsync(Workshop.Event("m", "that", id));
        letter = (await Shop.UntilLettersAsync(1))[0];
        (await OfAsync(Workshop.Event("m", "this", id))).ShouldSatisfyAllConditions(
            outcome => outcome.Stage.ShouldBe(EventStage.Handled),
            outcome => outcome.LetterId.ShouldBe(letter.Id));
    }

    [Fact]
    public async Task A_type_that_no_handler_takes_is_not_waited_for()
    {
        var journey = Shop.Host.Services.GetServices<IEventJourney>().ShouldHaveSingleItem();
        journey.Service.ShouldBe("workshop");
        (await journey.OfAsync(new SoughtEvent(Workshop.Tenant, Guid.CreateVersion7(), nameof(TenantCreated), Guid.CreateVersion7()), Cancel)).Stage.ShouldBe(EventStage.NotTaken);
    }

    [Fact]
    public async Task An_inbox_that_an_earlier_release_made_is_asked_all_the_same()
    {
        var (before, after) = (Workshop.Event("m", "before"), Workshop.Event("m", "after"));
        await Shop.SendAsync(before);
        await Shop.UntilHandledAsync("m", 1);
        await using (var scope = Shop.Host.Services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<WorkshopContext>();
            await context.Database.ExecuteSqlRawAsync(context.Database.IsNpgsql() ? "ALTER TABLE inbox DROP COLUMN seen_at" : "ALTER TABLE inbox_1 DROP COLUMN seen_at", Cancel);
            await Shop.Host.Services.GetRequiredService<InboxParts<WorkshopContext>>().Store.CreateSchemaAsync(context, Cancel);
        }

        await Shop.SendAsync(after);
        await Shop.UntilHandledAsync("m", 2);
        (await OfAsync(before)).ShouldBe(new EventOutcome("workshop", EventStage.Handled));
        (await StageOfAsync(after)).ShouldBe(EventStage.Handled);
    }

    private async Task<EventStage> StageOfAsync(ModelDeleted piece, string tenant = Workshop.Tenant) => (await OfAsync(piece, tenant)).Stage;

    private Task<EventOutcome> OfAsync(ModelDeleted piece, string tenant = Workshop.Tenant)
    {
        var key = InboxKey.Of(tenant, piece.SyncMetadata.IdempotencyKey);
        return Shop.Host.Services.GetRequiredService<IEventJourney>().OfAsync(new SoughtEvent(tenant, piece.SyncMetadata.EventId, nameof(ModelDeleted), key), Cancel);
    }
}
