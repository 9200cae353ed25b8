using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Workloads.Agents;
using PhantomSync.Workloads.Inference;
using PhantomSync.Workloads.Tenants;
using PhantomSync.Workloads.Training;

namespace PhantomSync.Workloads;

/// <summary>Running jobs, inference switches and agents. Columns are named after the properties, in snake case.</summary>
public sealed class WorkloadsDbContext(DbContextOptions<WorkloadsDbContext> options) : DbContext(options), ITableExtras
{
    public DbSet<TrainingJob> Jobs => Set<TrainingJob>();

    public DbSet<TenantQuota> Quotas => Set<TenantQuota>();

    public DbSet<InferenceSwitch> Switches => Set<InferenceSwitch>();

    public DbSet<AgentRun> Agents => Set<AgentRun>();

    public DbSet<WorkloadStanding> Standings => Set<WorkloadStanding>();

    public IEnumerable<string> TableExtras => this.TenantRows();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("workloads");

        modelBuilder.Entity<TrainingJob>(job =>
        {
            job.ToTable("training_jobs");
            job.HasKey(j => new { j.TenantId, j.JobId });
            job.HasIndex(j => new { j.TenantId, j.Status });
            job.Property(j => j.Status).HasConversion(
                status => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()), name => Enum.Parse<JobStatus>(name, true));
        });
        modelBuilder.Entity<TenantQuota>(quota =>
        {
            quota.ToTable("tenant_quotas");
            quota.HasKey(q => q.TenantId);
            quota.Property(q => q.Starts).IsConcurrencyToken();
        });
        modelBuilder.Entity<InferenceSwitch>(model =>
        {
            model.ToTable("inference_switches");
            model.HasKey(m => new { m.TenantId, m.ModelId });
        });
        modelBuilder.Entity<AgentRun>(run =>
        {
            run.ToTable("agent_runs");
            run.HasKey(r => new { r.TenantId, r.ExecutionId });
        });
        modelBuilder.Entity<WorkloadStanding>(standing =>
        {
            standing.ToTable("standings");
            standing.HasKey(s => new { s.Service, s.TenantId });
            standing.Property(s => s.Step).IsConcurrencyToken();
        });

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        modelBuilder.AddTransactionalOutboxEntities();
        modelBuilder.AddTenantDirectory();
    }
}
