using Microsoft.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Outbox;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Maps the outbox into a user's <see cref="DbContext"/>.</summary>
public static class OutboxModelBuilderExtensions
{
    /// <summary>
    /// Maps <see cref="OutboxMessage"/> to <c>outbox_message</c> in the model's default schema. The library creates and
    /// upgrades its tables itself when the relay starts, after the context's own tables exist; migrations and
    /// <c>EnsureCreated</c> leave them alone. Call it after <c>HasDefaultSchema</c>.
    /// </summary>
    public static ModelBuilder AddTransactionalOutboxEntities(this ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OutboxMessage>(message =>
        {
            message.ToTable("outbox_message", table => table.ExcludeFromMigrations());
            message.HasKey(m => m.Id);
            message.Property(m => m.Id).HasColumnName("id").ValueGeneratedNever();
            message.Property(m => m.Topic).HasColumnName("topic").IsRequired();
            message.Property(m => m.Key).HasColumnName("key");
            message.Property(m => m.Body).HasColumnName("body").IsRequired();
            message.Property(m => m.Headers).HasColumnName("headers").IsRequired();
            message.Property(m => m.EventType).HasColumnName("event_type").IsRequired();
            message.Property(m => m.Lane).HasColumnName("lane");
            message.Property(m => m.KeyHash).HasColumnName("key_hash");
            message.Property(m => m.Hold).HasColumnName("hold");
            message.Property(m => m.HoldCount).HasColumnName("hold_count");
            message.Property(m => m.HoldMilliseconds).HasColumnName("hold_ms");
            message.Property(m => m.DueAt).HasColumnName("due_at");
            message.Property(m => m.ScheduleToken).HasColumnName("schedule_token");
            message.Property(m => m.CreatedAt).HasColumnName("created_at");
        });
        return modelBuilder;
    }
}
