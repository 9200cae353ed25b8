using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Demo;

/// <summary>What a consumer of every event has applied, in the order in which it did.</summary>
internal sealed class LedgerDbContext(DbContextOptions<LedgerDbContext> options) : DbContext(options)
{
    public DbSet<AppliedEvent> Applied => Set<AppliedEvent>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("ledger");

        // No unique index on the event's id: if one were applied twice, the second line must be seen, not refused.
        modelBuilder.Entity<AppliedEvent>().ToTable("applied_events").HasKey(applied => applied.Sequence);
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
