using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PhantomSync.Conflicts.Detecting;
using PhantomSync.Conflicts.Storing;

namespace PhantomSync.Conflicts;

/// <summary>Maps conflicts into a user's <see cref="DbContext"/>.</summary>
public static class ConflictModelBuilderExtensions
{
    /// <summary>
    /// Maps conflicts to <c>conflicts</c> and what is remembered of changed resources to <c>conflict_histories</c>, in the model's
    /// default schema, so that they are written in one transaction with the resources. Call it after <c>HasDefaultSchema</c>.
    /// </summary>
    public static ModelBuilder AddConflictEntities(this ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ConflictRecord>(conflict =>
        {
            conflict.ToTable("conflicts", table => table.HasCheckConstraint("conflicts_know_their_resource", "tenant_id <> '' AND resource_type <> '' AND resource_id <> ''"));
            conflict.HasKey(c => c.ConflictId);
            Name(conflict.Property(c => c.ConflictId).ValueGeneratedNever(), "conflict_id");
            Name(conflict.Property(c => c.TenantId), "tenant_id");
            Name(conflict.Property(c => c.ResourceType), "resource_type");
            Name(conflict.Property(c => c.ResourceId), "resource_id");
            Name(conflict.Property(c => c.Fields), "fields");
            Name(conflict.Property(c => c.Changes), "changes");
            Name(conflict.Property(c => c.DetectedAt), "detected_at");
            Name(conflict.Property(c => c.Status).HasConversion<string>(), "status");
            Name(conflict.Property(c => c.Strategy), "strategy");
            Name(conflict.Property(c => c.Trace), "trace");
            Name(conflict.Property(c => c.WinningChangeId), "winning_change_id");
            Name(conflict.Property(c => c.Resolution), "resolution");
            Name(conflict.Property(c => c.Reason), "reason");
            Name(conflict.Property(c => c.ResolvedBy), "resolved_by");
            Name(conflict.Property(c => c.ResolvedAt), "resolved_at");
            Name(conflict.Property(c => c.ClaimedBy), "claimed_by");
            Name(conflict.Property(c => c.ClaimedUntil), "claimed_until");
            Name(conflict.Property(c => c.Revision).IsConcurrencyToken(), "revision");
            conflict.Ignore(c => c.IsOpen);
            conflict.HasIndex(c => new { c.TenantId, c.ResourceType, c.ResourceId });
            conflict.HasIndex(c => c.Status);
        });

        modelBuilder.Entity<ResourceHistory>(history =>
        {
            history.ToTable("conflict_histories");
            history.HasKey(h => new { h.TenantId, h.ResourceType, h.ResourceId });
            Name(history.Property(h => h.TenantId), "tenant_id");
            Name(history.Property(h => h.ResourceType), "resource_type");
            Name(history.Property(h => h.ResourceId), "resource_id");
            Name(history.Property(h => h.WaitingSince), "waiting_since");
            Name(history.Property(h => h.Policy), "policy");
            Name(history.Property(h => h.HasOpen), "has_open");
            Name(
                history.Property(h => h.Recorded).HasConversion(
                    ids => ChangeJson.Write(ids),
                    json => ChangeJson.ReadTexts(json),
                    new ValueComparer<IReadOnlyList<string>>((one, other) => one!.SequenceEqual(other!), ids => ids.Count, ids => ids)),
                "recorded");
            Name(history.Property(h => h.Revision).IsConcurrencyToken(), "revision");
            Name(
                history.Property(h => h.Changes).HasConversion(
                    changes => ChangeJson.Write(changes.Changes),
                    json => new ChangeHistory(ChangeJson.ReadChanges(json)),
                    new ValueComparer<ChangeHistory>((one, other) => ReferenceEquals(one, other), changes => changes.Changes.Count, changes => changes)),
                "changes");
            history.HasIndex(h => h.WaitingSince);
        });
        return modelBuilder;
    }

    private static void Name<T>(PropertyBuilder<T> property, string column) => property.HasColumnName(column);
}
