using Microsoft.EntityFrameworkCore;
using PhantomSync.Benchmarks.Ours;

namespace PhantomSync.Benchmarks.HandWritten;

/// <summary>The hand-written tables as Entity Framework sees them.</summary>
internal sealed class PlainContext(DbContextOptions<PlainContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Served>(served =>
        {
            served.ToTable("served").HasKey(s => s.Id);
            served.Property(s => s.Id).HasColumnName("id");
            served.Property(s => s.TenantId).HasColumnName("tenant_id");
            served.Property(s => s.ModelId).HasColumnName("model_id");
            served.Property(s => s.Confidence).HasColumnName("confidence");
        });
        modelBuilder.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox").HasKey(r => r.Id);
            row.Property(r => r.Id).HasColumnName("id");
            row.Property(r => r.Topic).HasColumnName("topic");
            row.Property(r => r.Key).HasColumnName("key");
            row.Property(r => r.Body).HasColumnName("body");
        });
    }

    internal sealed class OutboxRow
    {
        public long Id { get; set; }

        public required string Topic { get; set; }

        public required string Key { get; set; }

        public required byte[] Body { get; set; }
    }
}
