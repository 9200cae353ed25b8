using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Storing;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.Tests.Conflicts;

/// <summary>A user's context: a resource of its own, the outbox, conflicts.</summary>
public sealed class OrderContext(DbContextOptions<OrderContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public DbSet<ConflictRecord> Conflicts => Set<ConflictRecord>();

    public DbSet<ResourceHistory> Histories => Set<ResourceHistory>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("orders");
        modelBuilder.Entity<Order>().HasKey(order => new { order.TenantId, order.OrderId });
        modelBuilder.AddConflictEntities();
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
