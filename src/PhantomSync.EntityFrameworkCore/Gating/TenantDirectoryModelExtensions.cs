using Microsoft.EntityFrameworkCore;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Maps the directory of tenants into a user's <see cref="DbContext"/>.</summary>
public static class TenantDirectoryModelExtensions
{
    /// <summary>
    /// Maps <see cref="KnownTenant"/> to <c>known_tenant</c> in the model's default schema; <see cref="TrackTenants{TDbContext}"/>
    /// fills it. The library creates the table itself, as it does the outbox's. Call it after <c>HasDefaultSchema</c>.
    /// </summary>
    public static ModelBuilder AddTenantDirectory(this ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<KnownTenant>(tenant =>
        {
            tenant.ToTable("known_tenant", table => table.ExcludeFromMigrations());
            tenant.HasKey(t => t.TenantId);
            tenant.Property(t => t.TenantId).HasColumnName("tenant_id");
            tenant.Property(t => t.Tier).HasColumnName("tier");
            tenant.Property(t => t.DeletedAt).HasColumnName("deleted_at");
        });
        return modelBuilder;
    }
}
