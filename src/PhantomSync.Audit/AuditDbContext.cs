using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit.Recording;
using PhantomSync.Audit.Sealing;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Audit;

/// <summary>The record of truth: what happened, append-only, and the seals that prove it.</summary>
public sealed class AuditDbContext(DbContextOptions<AuditDbContext> options) : DbContext(options), ITableExtras
{
    public DbSet<AuditLogRow> Logs => Set<AuditLogRow>();

    public DbSet<AuditSeal> Seals => Set<AuditSeal>();

    public IEnumerable<string> TableExtras => Database.IsNpgsql() ? [.. AppendOnly.Postgres, .. this.TenantRows()] : AppendOnly.Sqlite;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var postgres = Database.IsNpgsql();
        if (postgres)
            modelBuilder.HasDefaultSchema("audit");

        modelBuilder.Entity<AuditLogRow>(row =>
        {
            row.ToTable("audit_logs");
            row.HasKey(r => r.Position);
            row.HasIndex(r => new { r.TenantId, r.Id }).IsUnique().HasDatabaseName("audit_logs_identity");
            row.HasIndex(r => new { r.TenantId, r.Timestamp, r.Id }).HasDatabaseName("audit_logs_time");

            // The few whose id is not their event's.
            row.HasIndex(r => new { r.TenantId, r.EventId }).HasFilter("id <> event_id").HasDatabaseName("audit_logs_event");
            row.Property(r => r.Position).HasColumnName("position");
            row.Property(r => r.Id).HasColumnName("id");
            row.Property(r => r.TenantId).HasColumnName("tenant_id");
            row.Property(r => r.EventId).HasColumnName("event_id");
            row.Property(r => r.EventType).HasColumnName("event_type");
            var timestamp = row.Property(r => r.Timestamp).HasColumnName("timestamp");
            row.Property(r => r.UserId).HasColumnName("user_id");
            row.Property(r => r.Action).HasColumnName("action");
            row.Property(r => r.ResourceType).HasColumnName("resource_type");
            row.Property(r => r.ResourceId).HasColumnName("resource_id");
            row.Property(r => r.Result).HasColumnName("result");
            var details = row.Property(r => r.Details).HasColumnName("details");
            row.Property(r => r.SourceService).HasColumnName("source_service");
            row.Property(r => r.CorrelationId).HasColumnName("correlation_id");
            row.Property(r => r.CausationId).HasColumnName("causation_id");
            row.Property(r => r.InboxKey).HasColumnName("inbox_key");
            var recordedAt = row.Property(r => r.RecordedAt).HasColumnName("recorded_at");
            row.Property(r => r.Salt).HasColumnName("salt");
            row.Property(r => r.PayloadHash).HasColumnName("payload_hash");
            if (postgres)
            {
                timestamp.HasConversion(Moments.ToDateTime);
                recordedAt.HasConversion(Moments.ToDateTime);

                // json keeps the text that was hashed; jsonb would spell numbers anew.
                details.HasColumnType("json");
                row.Property<ulong>(AuditLogRow.Transaction).HasColumnName("xid").HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
                row.HasIndex(AuditLogRow.Transaction, nameof(AuditLogRow.Position)).HasDatabaseName("audit_logs_commit");
            }
            else
            {
                timestamp.HasConversion(Moments.ToMicroseconds);
                recordedAt.HasConversion(Moments.ToMicroseconds);
            }
        });

        modelBuilder.Entity<AuditSeal>(seal =>
        {
            seal.ToTable("audit_seals");
            seal.HasKey(s => new { s.TenantId, s.Sequence });
            seal.HasIndex(s => s.Position).IsUnique().HasDatabaseName("audit_seals_position");
            seal.Property(s => s.TenantId).HasColumnName("tenant_id");
            seal.Property(s => s.Sequence).HasColumnName("sequence");
            seal.Property(s => s.Position).HasColumnName("position");
            seal.Property(s => s.Hash).HasColumnName("hash");
        });

        modelBuilder.Entity<SealedTo>(mark =>
        {
            mark.ToTable("audit_sealed_to");
            mark.HasKey(m => m.Id);
            mark.Property(m => m.Id).HasColumnName("id").ValueGeneratedNever();
            mark.Property(m => m.Transaction).HasColumnName("xid");
            mark.Property(m => m.Position).HasColumnName("position");
        });

        modelBuilder.AddTransactionalOutboxEntities();
    }
}
