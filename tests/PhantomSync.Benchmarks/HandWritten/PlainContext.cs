using Microsoft.EntityFrameworkCore;
using PhantomSync.Benchmarks.Ours;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>The hand-written tables as Entity Framework sees them.</summary>
internal sealed class PlainContext(DbContextOptions<PlainContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Served>(Served.Map);
        modelBuilder.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox").HasKey(r => r.Id);
            row.Property(r => r.Id).HasColumnName("id");
            row.Property(r => r.Topic).HasColumnName("topic");
            row.Property(r => r.Key).HasColumnName("key");
            row.Property(r => r.EventType).HasColumnName("event_type");
            row.Property(r => r.EventId).HasColumnName("event_id");
            row.Property(r => r.TenantId).HasColumnName("tenant_id");
            row.Property(r => r.IdempotencyKey).HasColumnName("idempotency_key");
            row.Property(r => r.Body).HasColumnName("body");
        });
    }

    internal sealed class OutboxRow
    {
        public long Id { get; set; }

        public required string Topic { get; set; }

        public required string Key { get; set; }

        public required string EventType { get; set; }

        public required Guid EventId { get; set; }

        public required string TenantId { get; set; }

        public required string IdempotencyKey { get; set; }

        public required byte[] Body { get; set; }
    }
}
