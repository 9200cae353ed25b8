using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit.Indexing;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Audit;

/// <summary>
/// What the indexing consumer remembers, apart from the record of truth, so that neither waits for the other; embedded, the
/// index itself, too.
/// </summary>
public sealed class AuditIndexDbContext(DbContextOptions<AuditIndexDbContext> options) : DbContext(options), ITableExtras
{
    public IEnumerable<string> TableExtras => Database.IsSqlite() ? SqliteAuditIndex.Tables : [];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Database.IsNpgsql())
            modelBuilder.HasDefaultSchema("audit_index");
        modelBuilder.Entity<IndexGeneration>(generation =>
        {
            generation.ToTable("audit_index_generation");
            generation.HasKey(g => g.Id);
            generation.Property(g => g.Id).HasColumnName("id").ValueGeneratedNever();
            generation.Property(g => g.RebuiltAt).HasColumnName("rebuilt_at");
        });
        modelBuilder.AddTransactionalOutboxEntities();
    }
}
