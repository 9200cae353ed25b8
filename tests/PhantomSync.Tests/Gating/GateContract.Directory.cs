using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Tests.Registry;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Gating;

/// <content>Tenants that a service has not heard of, and tenants that were deleted (S12.20).</content>
public abstract partial class GateContract
{
    [Fact]
    public async Task Without_a_rule_events_of_unknown_tenants_pass()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, []);
        await bed.FloodAsync([RiderBed.Created("1"), RiderBed.Deleted("2")]);
        (await bed.NotesAsync(2)).ShouldBe(["1", "2"]);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_read_of_an_unknown_tenant_waits_in_order_until_the_tenant_is_known_and_is_audited()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, [], rules => rules.HoldUnknown());
        await bed.ProduceAsync(Founded("u"));
        await Wait.ForAsync(async () => await bed.CountAsync("known_tenant") == 1, "u is known");
        await bed.FloodAsync([RiderBed.Created("1"), RiderBed.Deleted("2"), RiderBed.Created("3"), RiderBed.Created("other", tenant: "u"), RiderBed.Created("4", model: "m2")]);
        await bed.LettersAsync(4);
        (await bed.NotesAsync(1)).ShouldBe(["other"], "another tenant does not wait");
        (await bed.CountAsync("dead_letter", "parked")).ShouldBe(2);
        (await bed.CountAsync("dead_letter", "reason LIKE 'Quarantined: its tenant is not known%' AND tenant_id = 't'")).ShouldBe(2);
        var audit = await AuditAsync(bed, 2);
        audit.ShouldAllBe(entry => entry.Action == "QUARANTINE_EVENT" && entry.TenantId == "t" && entry.ResourceType == nameof(ModelCreated) && entry.UserId == "system:ledger");

        await bed.ProduceAsync(Founded("t"));
        var notes = await bed.NotesAsync(5);
        notes.Where(note => note is "1" or "2" or "3").ShouldBe(["1", "2", "3"]);
        await Wait.ForAsync(async () => await bed.CountAsync("dead_letter", "state IN (0, 3)") == 0, "nothing waits any more");

        // What comes now is handled where it is read.
        await bed.ProduceAsync(RiderBed.Created("5"));
        (await bed.NotesAsync(6))[^1].ShouldBe("5");
    }

    [Fact]
    public async Task A_tenant_that_becomes_known_and_is_suspended_at_once_has_only_its_work_wait_on()
    {
        using var store = await OpenAsync();
        var suspended = new List<string>();
        await using var bed = await StartAsync(store, suspended, rules => rules.HoldUnknown().Hold<ModelCreated>());
        await bed.FloodAsync([RiderBed.Deleted("ends", model: "m1"), RiderBed.Created("works", model: "m1"), RiderBed.Created("works too", model: "m2"), RiderBed.Deleted("follows", model: "m2")]);
        await bed.LettersAsync(4);
        suspended.Add("t");
        await bed.ProduceAsync(Founded("t"));
        (await bed.NotesAsync(1)).ShouldBe(["ends"]);
        await bed.LettersAsync(2, "state = 0 AND NOT parked AND reason LIKE 'Quarantined: its tenant is suspended%'");
        (await bed.NotesAsync()).ShouldBe(["ends"]);

        // One entry for each that was held for itself: twice for want of the tenant, once for what had only been behind another.
        (await AuditAsync(bed, 3)).ShouldAllBe(entry => entry.Action == "QUARANTINE_EVENT");
        suspended.Clear();
        var notes = await bed.NotesAsync(4);
        notes.Where(note => note is "works too" or "follows").ShouldBe(["works too", "follows"]);
        await Wait.ForAsync(async () => await bed.CountAsync("dead_letter", "state IN (0, 3)") == 0, "nothing waits any more");
    }

    [Fact]
    public async Task An_operator_cannot_replay_past_the_gate()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, [], rules => rules.HoldUnknown());
        await bed.ProduceAsync(RiderBed.Created("1"));
        await bed.LettersAsync(1);
        var box = bed.Services.GetRequiredService<DeadLetterBox>();
        (await box.RequestReplayOfAllAsync(new Operator("tests"), Cancel)).ShouldBe(1);
        await Wait.ForAsync(async () => await box.OpenRequestsAsync(Cancel) == 0, "the request is carried out");
        (await box.ListAsync(cancellationToken: Cancel)).ShouldHaveSingleItem().State.ShouldBe(DeadLetterState.Waiting);
        (await bed.NotesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_read_of_a_deleted_tenant_is_discarded_once_and_audited_and_others_are_not_touched()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, ["t"]);
        await bed.ProduceAsync(Founded("t"), Founded("u"), Standing("t", "deleted"));
        await Wait.ForAsync(async () => await bed.CountAsync("known_tenant", "deleted_at IS NOT NULL") == 1, "t is deleted");
        var late = RiderBed.Created("late", metadata: SyncMetadata.Unset with { IdempotencyKey = "late" });
        await bed.FloodAsync([late, late, RiderBed.Deleted("later"), RiderBed.Created("other", tenant: "u")]);
        (await bed.NotesAsync(1)).ShouldBe(["other"]);
        var audit = await AuditAsync(bed, 2);
        audit.Select(entry => (entry.Action, entry.TenantId, entry.ResourceType, entry.Result)).ShouldBe(
            [("DISCARD_EVENT", "t", nameof(ModelCreated), "discarded"), ("DISCARD_EVENT", "t", nameof(ModelDeleted), "discarded")], ignoreOrder: true);
        (await bed.CountAsync("dead_letter")).ShouldBe(0);

        // Taken back, it has its events handled again; those that were discarded do not come back.
        await bed.ProduceAsync(Standing("t", "active"));
        await Wait.ForAsync(async () => await bed.CountAsync("known_tenant", "deleted_at IS NOT NULL") == 0, "t exists again");
        await bed.ProduceAsync(late, RiderBed.Created("new"));
        (await bed.NotesAsync(2)).ShouldBe(["other", "new"]);
    }

    [Fact]
    public async Task What_is_parked_when_its_tenant_is_deleted_is_discarded_with_all_that_follows_and_audited()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, ["t"], rules => rules.HoldUnknown().Hold<ModelCreated>());
        await bed.ProduceAsync(Founded("t"));
        await Wait.ForAsync(async () => await bed.CountAsync("known_tenant") == 1, "t is known");
        await bed.FloodAsync([RiderBed.Created("1"), RiderBed.Deleted("2"), RiderBed.Created("unknown", tenant: "u")]);
        await bed.LettersAsync(3);
        await bed.ProduceAsync(Standing("t", "deleted"));
        await bed.LettersAsync(2, "state = 2 AND tenant_id = 't'");
        (await bed.NotesAsync()).ShouldBeEmpty();
        var discarded = (await AuditAsync(bed, 4)).Where(entry => entry.Action == "DISCARD_EVENT").ToList();
        discarded.Select(entry => (entry.TenantId, entry.ResourceType)).ShouldBe([("t", nameof(ModelCreated)), ("t", nameof(ModelDeleted))], ignoreOrder: true);

        // The other tenant's goes on as if nothing had been.
        await bed.ProduceAsync(Founded("u"));
        (await bed.NotesAsync(1)).ShouldBe(["unknown"]);
    }

    [Fact]
    public async Task Events_of_a_deleted_tenant_are_refused_where_they_are_published_but_its_own_and_its_audit_entries()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, []);
        await bed.ProduceAsync(Founded("t"), Standing("t", "deleted"));
        await Wait.ForAsync(async () => await bed.CountAsync("known_tenant", "deleted_at IS NOT NULL") == 1, "t is deleted");
        var refusal = await Should.ThrowAsync<TenantDeletedException>(() => bed.PublishAsync(RiderBed.Created("one")));
        (refusal.TenantId, refusal.EventType).ShouldBe(("t", nameof(ModelCreated)));
        refusal.Message.ShouldBe("ModelCreated is refused: tenant 't' is deleted. Nothing is done for it any more.");
        (await AuditAsync(bed, 1)).ShouldHaveSingleItem().Action.ShouldBe("REFUSE_EVENT");
        await using (var scope = bed.Services.CreateAsyncScope())
            await Should.ThrowAsync<TenantDeletedException>(() => ((IServiceScope)scope).PublishRecordAsync<LedgerContext>(EventCatalogue.Platform.Write(RegistryBed.From(RiderBed.Created("two"))), Cancel));

        await bed.PublishAsync(Standing("t", "active"), RiderBed.Created("other", tenant: "u"));
        (await bed.NotesAsync(1)).ShouldBe(["other"]);
        await Wait.ForAsync(async () => await bed.CountAsync("known_tenant", "deleted_at IS NOT NULL") == 0, "t exists again");
        await bed.PublishAsync(RiderBed.Created("three"));
        (await bed.NotesAsync(2))[^1].ShouldBe("three");
    }

    [Fact]
    public async Task Which_events_pass_for_every_tenant_is_configured()
    {
        using var store = await OpenAsync();
        await using var bed = await StartAsync(store, [], rules => rules.HoldUnknown().Pass<ModelDeleted>());
        await bed.FloodAsync([RiderBed.Deleted("passes", model: "m1"), RiderBed.Created("waits", model: "m2")]);
        await bed.LettersAsync(1);
        (await bed.NotesAsync(1)).ShouldBe(["passes"]);
    }

    private static async Task<List<AuditLogCreated>> AuditAsync(RiderBed bed, int count) =>
        [.. (await bed.RecordsAsync(count, "phantom.audit")).Select(record => (AuditLogCreated)EventCatalogue.Platform.Read(record.Message.Value))];

    private static TenantCreated Founded(string tenant) =>
        new() { TenantId = tenant, TenantName = tenant, SubscriptionTier = "gold", ResourceQuotas = new ResourceQuotas(), CreatedBy = "tests" };

    private static TenantUpdated Standing(string tenant, string status) =>
        new() { TenantId = tenant, Changes = new Dictionary<string, JsonElement> { ["status"] = JsonSerializer.SerializeToElement(status) }, UpdatedBy = "tests" };
}
