using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Sagas.Training;

namespace PhantomSync.Sagas;

/// <summary>The instances of both sagas. Columns are named after the properties, in snake case.</summary>
public sealed class SagasDbContext(DbContextOptions<SagasDbContext> options) : DbContext(options), ITableExtras
{
    public DbSet<TrainingLifecycleState> TrainingJobs => Set<TrainingLifecycleState>();

    public DbSet<TenantSuspensionState> Suspensions => Set<TenantSuspensionState>();

    public IEnumerable<string> TableExtras => this.TenantRows();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("sagas");

        var training = modelBuilder.AddSaga<TrainingLifecycleState>();
        training.ToTable("training_lifecycle");
        training.HasIndex(job => new { job.TenantId, job.JobId }).IsUnique();
        training.HasIndex(job => new { job.TenantId, job.CurrentState });
        training.HasIndex(job => new { job.TenantId, job.ModelId });

        var suspension = modelBuilder.AddSaga<TenantSuspensionState>();
        suspension.ToTable("tenant_suspension");
        suspension.HasIndex(tenant => tenant.TenantId).IsUnique();

        // A suspension that began before there were policies has cancelled what ran.
        suspension.Property(tenant => tenant.TrainingPolicy).HasDefaultValue(TrainingPolicy.Cancel);

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        modelBuilder.AddTransactionalOutboxEntities();
        modelBuilder.AddTenantDirectory();
    }
}
