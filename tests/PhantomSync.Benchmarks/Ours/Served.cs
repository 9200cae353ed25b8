using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>The domain row that a publisher writes with its event.</summary>
internal sealed class Served
{
    public required string Id { get; init; }

    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public double Confidence { get; init; }

    public static void Map(EntityTypeBuilder<Served> served)
    {
        served.ToTable("served").HasKey(s => s.Id);
        served.Property(s => s.Id).HasColumnName("id");
        served.Property(s => s.TenantId).HasColumnName("tenant_id");
        served.Property(s => s.ModelId).HasColumnName("model_id");
        served.Property(s => s.Confidence).HasColumnName("confidence");
    }
}
