using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Tests.DeadLetters;

/// <summary>The context of a service that writes down what it has handled, in order.</summary>
public sealed class WorkshopContext(DbContextOptions<WorkshopContext> options) : DbContext(options)
{
    public DbSet<Piece> Pieces => Set<Piece>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Piece>().ToTable("pieces").HasKey(piece => piece.Sequence);
        modelBuilder.AddTransactionalOutboxEntities();
    }

    public sealed class Piece
    {
        [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
        public long Sequence { get; init; }

        public required string Model { get; init; }

        public required string Name { get; init; }
    }
}
