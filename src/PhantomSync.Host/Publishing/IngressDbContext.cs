using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Publishing;

/// <summary>Holds the outbox for records that come from outside, and whose work is not taken in.</summary>
internal sealed class IngressDbContext(DbContextOptions<IngressDbContext> options) : DbContext(options), ITableExtras
{
    public DbSet<SuspendedTenant> SuspendedTenants => Set<SuspendedTenant>();

    public IEnumerable<string> TableExtras => this.TenantRows();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("ingress");
        modelBuilder.Entity<SuspendedTenant>(tenant =>
        {
            tenant.ToTable("suspended_tenants");
            tenant.HasKey(t => t.TenantId);
            tenant.Property(t => t.TenantId).HasColumnName("tenant_id");
        });
        modelBuilder.AddTransactionalOutboxEntities();
        modelBuilder.AddTenantDirectory();
    }
}
