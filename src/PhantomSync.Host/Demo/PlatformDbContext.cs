using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Demo;

/// <summary>The simulated platform's own data: what its services change, and a line for every event they published with it.</summary>
internal sealed class PlatformDbContext(DbContextOptions<PlatformDbContext> options) : DbContext(options)
{
    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<Model> Models => Set<Model>();

    public DbSet<TrainingJob> Jobs => Set<TrainingJob>();

    public DbSet<PublishedEvent> Published => Set<PublishedEvent>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("platform");
        modelBuilder.Entity<Tenant>().ToTable("tenants").HasKey(tenant => tenant.TenantId);
        modelBuilder.Entity<Model>().ToTable("models").HasKey(model => new { model.TenantId, model.ModelId });
        modelBuilder.Entity<TrainingJob>().ToTable("training_jobs").HasKey(job => new { job.TenantId, job.JobId });
        modelBuilder.Entity<PublishedEvent>().ToTable("published_events").HasKey(published => published.Sequence);
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
