using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Registry.Models;
using PhantomSync.Registry.Tenants;
using PhantomSync.Registry.Usage;
using PhantomSync.Registry.Versions;

namespace PhantomSync.Registry;

/// <summary>Which models and versions exist. Columns are named after the properties, in snake case.</summary>
public sealed class RegistryDbContext(DbContextOptions<RegistryDbContext> options) : DbContext(options), ITableExtras
{
    public DbSet<RegisteredModel> Models => Set<RegisteredModel>();

    public DbSet<ModelIrregularity> Irregularities => Set<ModelIrregularity>();

    public DbSet<ModelVersion> Versions => Set<ModelVersion>();

    public DbSet<StageHistoryEntry> StageHistory => Set<StageHistoryEntry>();

    public DbSet<TenantStanding> Tenants => Set<TenantStanding>();

    public IEnumerable<string> TableExtras => this.TenantRows();

    /// <summary>Only read through the context; <see cref="UsageStore"/> writes it in bulk.</summary>
    internal DbSet<UsageRow> Usage => Set<UsageRow>();

    /// <summary>The model's row; where none of its events came before, a new one that its ModelCreated will complete.</summary>
    internal async Task<RegisteredModel> FindOrAddModelAsync(string tenantId, string modelId, CancellationToken cancellationToken) =>
        await Models.FindAsync([tenantId, modelId], cancellationToken)
        ?? Models.Add(new RegisteredModel { TenantId = tenantId, ModelId = modelId }).Entity;

    /// <summary>Keeps an irregularity, once per event.</summary>
    internal async Task RecordAsync(ModelIrregularity irregularity, CancellationToken cancellationToken)
    {
        if (await Irregularities.FindAsync([irregularity.TenantId, irregularity.EventId], cancellationToken) is null)
            Irregularities.Add(irregularity);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<ModelStatus>().HaveConversion<EnumName<ModelStatus>>();
        configurationBuilder.Properties<IrregularityKind>().HaveConversion<EnumName<IrregularityKind>>();
        configurationBuilder.Properties<VersionStage>().HaveConversion<EnumName<VersionStage>>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("registry");

        modelBuilder.Entity<RegisteredModel>(model =>
        {
            model.ToTable("models");
            model.HasKey(m => new { m.TenantId, m.ModelId });
            model.Property(m => m.LatestVersion).IsConcurrencyToken();
        });

        modelBuilder.Entity<ModelIrregularity>(irregularity =>
        {
            irregularity.ToTable("model_irregularities");
            irregularity.HasKey(i => new { i.TenantId, i.EventId });
            irregularity.HasIndex(i => new { i.TenantId, i.ModelId });
        });

        modelBuilder.Entity<ModelVersion>(version =>
        {
            version.ToTable("model_versions");
            version.HasKey(v => new { v.TenantId, v.ModelId, v.Number });
            version.HasIndex(v => new { v.TenantId, v.JobId }).IsUnique();
            version.HasIndex(v => new { v.TenantId, v.ModelId }).IsUnique().HasFilter("stage = 'production'").HasDatabaseName("one_in_production");
            version.Property(v => v.TrainingDurationMs).HasConversion<decimal>();
        });

        modelBuilder.Entity<StageHistoryEntry>(entry =>
        {
            entry.ToTable("model_stage_history");
            entry.HasKey(e => new { e.TenantId, e.ModelId, e.Number, e.Step });
        });

        modelBuilder.Entity<TenantStanding>(tenant =>
        {
            tenant.ToTable("tenants");
            tenant.HasKey(t => t.TenantId);

            // Its own events and the commands of its cascade come on different partitions.
            tenant.Property(t => t.LogStep).IsConcurrencyToken();
            tenant.Property(t => t.CommandStep).IsConcurrencyToken();
        });

        modelBuilder.Entity<UsageRow>(usage =>
        {
            usage.ToTable("model_usage");
            usage.HasKey(u => new { u.TenantId, u.ModelId, u.Version, u.Shard });
            usage.Ignore(u => u.Key);

            // Room in each page for new versions of its rows, so that an update touches no index.
            usage.HasStorageParameter("fillfactor", 60);
        });

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
            property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        modelBuilder.AddTransactionalOutboxEntities();
        modelBuilder.AddConflictEntities();
        modelBuilder.AddTenantDirectory();
    }
}
