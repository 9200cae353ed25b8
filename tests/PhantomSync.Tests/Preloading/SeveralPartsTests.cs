using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Preloading;
using PhantomSync.EntityFrameworkCore.Wire;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Preloading;

/// <summary>A primary key may have several parts, and values that the database knows otherwise.</summary>
public sealed class SeveralPartsTests
{
    private static readonly SyncEventWireFormat Format = new(EventCatalogue.Platform);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_tracked_and_absent_ones_cost_no_query()
    {
        var queries = new AccountQueries();
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancel);
        var options = new DbContextOptionsBuilder<AlarmContext>().UseSqlite(connection).AddInterceptors(PreloadInterceptor.Instance, queries).Options;
        await using (var context = new AlarmContext(options))
        {
            await context.Database.EnsureCreatedAsync(Cancel);
            context.AddRange(new Alarm("t1", Kind.Drift), new Alarm("t2", Kind.Drift));
            await context.SaveChangesAsync(Cancel);
        }

        await using var alarms = new AlarmContext(options);
        var preload = new Preload<ModelCreated, Alarm>(e => [e.TenantId, Enum.Parse<Kind>(e.Name)]);
        await preload.LoadAsync(alarms, [Received("t1", "Drift"), Received("t1", "Outage"), Received("t2", "Outage"), Received("t3", "Drift")], Cancel);
        var asked = queries.Asked;
        asked.ShouldBe(2);

        (await alarms.FindAsync<Alarm>(["t1", Kind.Drift], Cancel)).ShouldNotBeNull();
        (await alarms.FindAsync<Alarm>(["t1", Kind.Outage], Cancel)).ShouldBeNull();
        (await alarms.FindAsync<Alarm>(["t2", Kind.Outage], Cancel)).ShouldBeNull();
        (await alarms.Alarms.FirstOrDefaultAsync(alarm => alarm.Tenant == "t1" && alarm.Kind == Kind.Drift, Cancel)).ShouldNotBeNull();
        queries.Asked.ShouldBe(asked + 1);

        await alarms.Database.ExecuteSqlAsync($"INSERT INTO accounts (Tenant, Kind) VALUES ('t1', 'Outage')", Cancel);
        (await alarms.FindAsync<Alarm>(["t1", Kind.Outage], Cancel)).ShouldNotBeNull("the context has written, so nothing is known to be absent");
    }

    private static ReceivedMessage Received(string tenant, string kind)
    {
        var written = RiderBed.Written(RiderBed.Created(kind, tenant: tenant));
        return new ReceivedMessage(new IncomingRecord { Topic = RiderBed.Models, Partition = 0, Offset = 0, Body = written.Body }, Format.Read(written.Body));
    }

    private enum Kind
    {
        Drift,
        Outage,
    }

    private sealed record Alarm(string Tenant, Kind Kind);

    private sealed class AlarmContext(DbContextOptions<AlarmContext> options) : DbContext(options)
    {
        public DbSet<Alarm> Alarms => Set<Alarm>();

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.Entity<Alarm>().ToTable("accounts").HasKey(alarm => new { alarm.Tenant, alarm.Kind });
            modelBuilder.Entity<Alarm>().Property(alarm => alarm.Kind).HasConversion<string>();
        }
    }
}
