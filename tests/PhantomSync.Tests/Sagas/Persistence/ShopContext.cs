using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Tests.Sagas.Persistence;

public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<OrderState> Orders => Set<OrderState>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddSaga<OrderState>().ToTable("orders").HasIndex(order => order.Number);
        modelBuilder.AddSaga<ParcelState>().ToTable("parcels");
        modelBuilder.Entity<ForeignState>().HasKey(state => state.Name);
        modelBuilder.AddSaga<BareState>().ToTable("bare");
        modelBuilder.AddSaga<VisitSaga>().ToTable("visits");
        var stamped = modelBuilder.AddSaga<StampedState>().ToTable("stamped");
        if (Database.IsNpgsql())
            stamped.Property(state => state.Stamp).IsRowVersion();
        else
            stamped.Ignore(state => state.Stamp);
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
