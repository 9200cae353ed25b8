using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>A service's context: a domain table, and what its consumers keep.</summary>
internal sealed class BenchContext(DbContextOptions<BenchContext> options) : DbContext(options)
{
    public DbSet<Served> Served => Set<Served>();

    public DbSet<Effect> Effects => Set<Effect>();

    /// <summary>The events handled in the transaction at hand.</summary>
    public List<string> Handled { get; } = [];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Served>(Ours.Served.Map);
        modelBuilder.Entity<Effect>(effect =>
        {
            effect.ToTable("effect").HasKey(e => e.InferenceId);
            effect.Property(e => e.InferenceId).HasColumnName("inference_id");
            effect.Property(e => e.TenantId).HasColumnName("tenant_id");
            effect.Property(e => e.ModelId).HasColumnName("model_id");
            effect.Property(e => e.Confidence).HasColumnName("confidence");
            effect.Property(e => e.InferenceTimeMs).HasColumnName("inference_time_ms");
            effect.Property(e => e.Seen).HasColumnName("seen");
        });
        var job = modelBuilder.AddSaga<JobState>().ToTable("job");
        job.Property(j => j.CorrelationId).HasColumnName("id");
        job.Property(j => j.Version).HasColumnName("version");
        job.Property(j => j.CurrentState).HasColumnName("state");
        job.Property(j => j.TenantId).HasColumnName("tenant_id");
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
