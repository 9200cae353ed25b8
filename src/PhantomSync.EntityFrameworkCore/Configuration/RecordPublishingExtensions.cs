using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Publishing;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>Publishes records that are written already, as another platform's service writes them.</summary>
public static class RecordPublishingExtensions
{
    /// <summary>
    /// Puts a record into the outbox of the scope's <typeparamref name="TDbContext"/>. Its bytes travel as they are, unknown fields
    /// among them; topic, key and headers follow from what they say. It leaves when the context is saved and committed.
    /// </summary>
    /// <exception cref="WireFormatException">The bytes are no record that may be published; nothing was added.</exception>
    public static ISyncEvent PublishRecord<TDbContext>(this IServiceScope scope, byte[] record)
        where TDbContext : DbContext
    {
        var capture = scope.ServiceProvider.GetRequiredService<RecordCapture>();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
        return capture.Add(context, record, capture.Read(context, record));
    }

    /// <summary>As <see cref="PublishRecord"/>, where the context has a gate (<c>AddTenantGate</c>): what its rules keep from suspended and from deleted tenants is refused.</summary>
    /// <exception cref="WireFormatException">The bytes are no record that may be published; nothing was added.</exception>
    /// <exception cref="TenantRefusedException">It may not be published for its tenant, which is suspended or deleted; nothing was added.</exception>
    public static async Task<ISyncEvent> PublishRecordAsync<TDbContext>(this IServiceScope scope, byte[] record, CancellationToken cancellationToken = default)
        where TDbContext : DbContext
    {
        var capture = scope.ServiceProvider.GetRequiredService<RecordCapture>();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var read = capture.Read(context, record);
        await scope.UseOutbox<TDbContext>().ServiceProvider.GetRequiredService<ScopedOutbox>().GuardAsync(read, cancellationToken);
        return capture.Add(context, record, read);
    }

    /// <summary>The largest record that <see cref="PublishRecord"/> takes, in bytes.</summary>
    public static int MaxRecordBytes<TDbContext>(this IServiceProvider services)
        where TDbContext : DbContext =>
        services.GetRequiredService<OutboxDirectory>().Of(typeof(TDbContext)).MaxRecordBytes;

    /// <summary>
    /// How many events are in the outbox still: not acknowledged by Kafka or, with the embedded broker, not handled by every
    /// consumer yet. <c>Held</c> are those that wait by their strategy or schedule.
    /// </summary>
    public static async Task<(long Waiting, long Held)> OutboxDepthAsync<TDbContext>(this IServiceProvider services, CancellationToken cancellationToken = default)
        where TDbContext : DbContext
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var queue = OutboxTables.Of(context).Queue;
        await context.Database.OpenConnectionAsync(cancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"SELECT count(*), count(CASE WHEN state IN (1, 2, 3) THEN 1 END) FROM {queue}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
