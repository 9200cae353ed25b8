using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Tests.Riding;
using PhantomSync.Tests.Sagas.Training;

namespace PhantomSync.Tests.Gating;

/// <summary>A service that must not publish a suspended tenant's work.</summary>
[Trait("row", "S8.13"), Trait("row", "S12.20")]
public abstract partial class GateContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<LedgerStore> OpenAsync();

    [Fact]
    public async Task Work_of_a_suspended_tenant_is_refused_in_the_transaction_that_wants_to_publish_it_and_the_refusal_is_audited()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, ["acme"]);
        await using (var scope = bed.Services.CreateAsyncScope())
        {
            var publish = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
            var ledger = scope.ServiceProvider.GetRequiredService<LedgerContext>();
            await using var transaction = await ledger.Database.BeginTransactionAsync(Cancel);
            var refusal = await Should.ThrowAsync<TenantSuspendedException>(() => publish.Publish(Job.Started(0), Cancel));
            (refusal.TenantId, refusal.EventType).ShouldBe(("acme", nameof(TrainingJobStarted)));
            refusal.Message.ShouldBe("TrainingJobStarted is refused: tenant 'acme' is suspended. Publish it again when the tenant is active.");
            await Should.ThrowAsync<TenantSuspendedException>(() => publish.Publish((object)Job.Started(0), Cancel));

            // What ends work passes, and so does the work of others.
            await publish.Publish(Job.Failed(1), Cancel);
            await publish.Publish(Job.Started(0, tenant: "globex"), Cancel);
            await ledger.SaveChangesAsync(Cancel);
            await transaction.CommitAsync(Cancel);
        }

        var models = await bed.RecordsAsync(2);
        models.Select(record => EventCatalogue.Platform.Read(record.Message.Value)).Select(e => (e.GetType().Name, e.TenantId))
            .ShouldBe([(nameof(TrainingJobFailed), "acme"), (nameof(TrainingJobStarted), "globex")], ignoreOrder: true);
        var audit = (await bed.RecordsAsync(2, "phantom.audit")).Select(record => (AuditLogCreated)EventCatalogue.Platform.Read(record.Message.Value)).ToList();
        audit.ShouldAllBe(entry => entry.Action == "REFUSE_EVENT" && entry.TenantId == "acme" && entry.ResourceType == nameof(TrainingJobStarted) && entry.Result == "refused");
    }

    [Fact]
    public async Task A_record_that_was_written_elsewhere_is_refused_likewise()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, ["acme"]);
        await using var scope = bed.Services.CreateAsyncScope();
        var refused = EventCatalogue.Platform.Write(Job.Started(0));
        (await Should.ThrowAsync<TenantSuspendedException>(() => ((IServiceScope)scope).PublishRecordAsync<LedgerContext>(refused, Cancel))).TenantId.ShouldBe("acme");
        await ((IServiceScope)scope).PublishRecordAsync<LedgerContext>(EventCatalogue.Platform.Write(Job.Failed(1)), Cancel);
        await scope.ServiceProvider.GetRequiredService<LedgerContext>().SaveChangesAsync(Cancel);
        (await bed.RecordsAsync(1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Which_events_are_held_is_configured()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, ["t"], rules => rules.Hold<ModelCreated>().Pass<TrainingJobStarted>());
        await Should.ThrowAsync<TenantSuspendedException>(() => bed.PublishAsync(RiderBed.Created("one")));
        await bed.PublishAsync(Job.Started(0, tenant: "t"));
        (await bed.RecordsAsync(1)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_read_for_a_suspended_tenant_waits_with_all_that_follows_of_its_key_and_goes_on_in_order()
    {
        using var store = await OpenAsync();
        var suspended = new List<string> { "t" };
        await using var bed = await StartAsync(store, suspended, rules => rules.Hold<ModelCreated>());
        await bed.FloodAsync([RiderBed.Created("1"), RiderBed.Deleted("2"), RiderBed.Created("3"), RiderBed.Created("other", tenant: "u"), RiderBed.Created("4", model: "m2")]);
        await bed.LettersAsync(4);
        (await bed.NotesAsync(1)).ShouldBe(["other"]);
        (await bed.CountAsync("dead_letter", "parked")).ShouldBe(2);
        suspended.Clear();
        var notes = await bed.NotesAsync(5);
        notes.Where(note => note is "1" or "2" or "3").ShouldBe(["1", "2", "3"]);
        await Wait.ForAsync(async () => await bed.CountAsync("dead_letter", "state IN (0, 3)") == 0, "nothing waits any more");
    }

    private static Task<RiderBed> StartAsync(LedgerStore store, List<string> suspended, Action<TenantGateRules>? rules = null) =>
        RiderBed.StartAsync(store, new Plan
        {
            Service = service => service.Consumer<ApplyModel>().Consumer<TrackTenants<LedgerContext>>(),
            Bus = bus => bus.AddTenantGate<LedgerContext>(
                ledger => ledger.Database.SqlQueryRaw<string>(suspended.Count == 0 ? "SELECT 'nobody' AS \"Value\"" : string.Join(" UNION ", suspended.Select(tenant => $"SELECT '{tenant}' AS \"Value\""))),
                rules),
        });
}
