using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.Tests.Outbox;

/// <summary>A service's context with one table of its own.</summary>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddTransactionalOutboxEntities();

    public sealed class Order
    {
        public int Id { get; set; }

        public string Name { get; set; } = "";
    }
}
