using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Tests.Readme;

public sealed class MonitoringDbContext(DbContextOptions<MonitoringDbContext> options) : DbContext(options)
{
    public DbSet<Alarm> Alarms => Set<Alarm>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Alarm>().HasKey(alarm => new { alarm.TenantId, alarm.ModelId });
        modelBuilder.AddTransactionalOutboxEntities();
    }
}

public sealed class Alarm
{
    public required string TenantId { get; init; }

    public required string ModelId { get; init; }

    public double Score { get; set; }

    public bool Acknowledged { get; set; }
}
