using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Tests.Riding;

/// <summary>A service's database that notes every effect of an event, so that one too many or too few shows.</summary>
public sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    public DbSet<Effect> Effects => Set<Effect>();

    public DbSet<Account> Accounts => Set<Account>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Effect>().ToTable("effects");
        modelBuilder.Entity<Account>(account =>
        {
            account.ToTable("accounts");
            account.HasKey(a => a.Name);
            account.Property(a => a.Balance).IsConcurrencyToken();
        });
        modelBuilder.AddTransactionalOutboxEntities();
        modelBuilder.AddTenantDirectory();
    }
}
