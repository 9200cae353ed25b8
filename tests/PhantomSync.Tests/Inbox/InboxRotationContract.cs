using Microsoft.Extensions.DependencyInjection;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.Kafka.Wire;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Inbox;

/// <summary>What the inbox forgets, and when, on every store.</summary>
public abstract class InboxRotationContract : LedgerContract
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(14);

    [Fact, Trait("row", "S12.14")]
    public async Task An_event_is_remembered_for_the_retention_and_then_forgotten_with_its_whole_table()
    {
        var bed = await StartAsync();
        var old = RiderBed.Written(RiderBed.Created("old"));
        async Task RepeatAsync() => await bed.ProduceAsync(RiderBed.Models, old.Key, old.Body, WireHeaders.Of(old));
        await RepeatAsync();
        await bed.NotesAsync(1);

        (await RotateAsync(bed)).ShouldBeFalse("the generation is young");
        await AgeAsync(bed, TimeSpan.FromDays(15));
        (await RotateAsync(bed)).ShouldBeTrue();
        (await RotateAsync(bed)).ShouldBeFalse();
        await RepeatAsync();
        await bed.ProduceAsync(RiderBed.Created("new"));
        (await bed.NotesAsync(2)).ShouldBe(["old", "new"], "it is remembered across a rotation");

        await AgeAsync(bed, TimeSpan.FromDays(15));
        (await RotateAsync(bed)).ShouldBeTrue();
        (await TablesAsync(bed)).ShouldBe(2, "the first generation is dropped");
        await RepeatAsync();
        (await bed.NotesAsync(3)).ShouldBe(["old", "new", "old"]);

        // Nor does a restart bring the dropped table back.
        await bed.DisposeAsync();
        var again = await StartAsync();
        (await TablesAsync(again)).ShouldBe(2);
    }

    [Fact]
    public async Task Rotating_under_load_applies_every_event_once()
    {
        var bed = await StartAsync(new Plan { Partitions = 4 });
        var events = Enumerable.Range(0, 600).Select(i => RiderBed.Created($"{i}", model: $"m{i % 9}")).ToArray();
        var flood = bed.FloodAsync(events);
        for (var rotations = 0; rotations < 3;)
        {
            await AgeAsync(bed, TimeSpan.FromDays(15));
            if (await TryRotateAsync(bed))
                rotations++;
        }

        await flood;
        (await bed.NotesAsync(600)).Order().ShouldBe(events.Select(e => e.Name).Order());
        (await bed.CountAsync("dead_letter")).ShouldBe(0);
    }

    private static async Task<bool> RotateAsync(RiderBed bed)
    {
        await using var scope = bed.Services.CreateAsyncScope();
        return await bed.Services.GetRequiredService<InboxParts<LedgerContext>>().Store.RotateAsync(scope.ServiceProvider.GetRequiredService<LedgerContext>(), Retention, Cancel);
    }

    /// <summary>Under load the lock may not be had within its second; the service, too, tries again.</summary>
    private static async Task<bool> TryRotateAsync(RiderBed bed)
    {
        try
        {
            return await RotateAsync(bed);
        }
        catch (System.Data.Common.DbException busy) when (busy.IsTransient || busy.SqlState == "55P03")
        {
            return false;
        }
    }

    private async Task AgeAsync(RiderBed bed, TimeSpan by) => await bed.ScalarAsync(Store.IsPostgres
        ? $"UPDATE inbox_generation SET begun_at = begun_at - interval '{by.TotalSeconds} seconds'"
        : $"UPDATE inbox_generation SET begun_at = begun_at - {by.TotalSeconds}");

    private async Task<long> TablesAsync(RiderBed bed) => Store.IsPostgres
        ? await bed.CountAsync("pg_inherits", "inhparent = 'inbox'::regclass")
        : await bed.CountAsync("sqlite_master", "type = 'table' AND name GLOB 'inbox_[0-9]*'");
}
