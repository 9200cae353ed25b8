using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>A user's own context: what its consumer has handled, and what it publishes.</summary>
public sealed class PoisonContext(DbContextOptions<PoisonContext> options) : DbContext(options)
{
    public DbSet<Line> Lines => Set<Line>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Line>();
        modelBuilder.AddTransactionalOutboxEntities();
    }

    public sealed class Line
    {
        public int Id { get; init; }

        public required string Model { get; init; }

        public required string Version { get; init; }
    }
}
