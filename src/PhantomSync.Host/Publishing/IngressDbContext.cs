using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Publishing;

/// <summary>Holds nothing but the outbox for records that come from outside.</summary>
internal sealed class IngressDbContext(DbContextOptions<IngressDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("ingress");
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
