using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Recording;
using PhantomSync.Audit.Search;
using PhantomSync.Audit.Sealing;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Auditing;

/// <summary>What <see cref="AuditVerb"/> runs. None of it needs a running host, and none is in the way of one.</summary>
internal static class AuditCommands
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>0 where everything is as it was written; else 1.</returns>
    public static async Task<int> VerifyAsync(PlatformOptions options, string? tenant, CancellationToken cancellationToken)
    {
        await using var services = Services(options, search: false);
        await using var scope = services.CreateAsyncScope();
        var sound = true;
        var tenants = 0;
        await foreach (var verdict in scope.ServiceProvider.GetRequiredService<AuditVerifier>().VerifyAsync(tenant, cancellationToken))
        {
            tenants++;
            sound &= verdict.Fault is null;
            Console.WriteLine(verdict.Fault is { } fault
                ? $"{verdict.TenantId}: BAD after {verdict.Sealed} good entries. {fault.What}"
                : $"{verdict.TenantId}: {verdict.Sealed} entries verify ({verdict.Erased} erased), {verdict.Heads} signed heads match.");
        }

        var lag = await scope.ServiceProvider.GetRequiredService<AuditLog>().SealingLagAsync(cancellationToken);
        Console.WriteLine(tenants == 0 ? "There is nothing sealed yet." : sound ? "The audit trail is as it was written." : "The audit trail has been tampered with.");
        if (lag.Entries > 0)
            Console.WriteLine($"{lag.Entries} entries wait for their seal, the oldest for {lag.Age.TotalSeconds:F1} s.");
        return sound ? 0 : 1;
    }

    public static async Task<int> SearchAsync(PlatformOptions options, AuditQuery query, bool json, CancellationToken cancellationToken)
    {
        await using var services = Services(options, search: true);
        await using var scope = services.CreateAsyncScope();
        AuditPage page;
        try
        {
            page = await scope.ServiceProvider.GetRequiredService<IAuditSearch>().SearchAsync(query, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            // Which parameter of ours it was says nothing to the caller.
            throw new UserErrorException(exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal), exception);
        }
        catch (HttpRequestException exception)
        {
            throw new UserErrorException(exception.Message, exception);
        }

        foreach (var entry in page.Entries)
            Console.WriteLine(json ? JsonSerializer.Serialize(Fields(entry), Readable) : Line(entry));
        if (page.Entries.Count == 0)
            await Console.Error.WriteLineAsync("Nothing is found.");
        if (page.Next is not null)
            await Console.Error.WriteLineAsync($"There is more: --after {page.Next}");
        return 0;
    }

    public static async Task<int> RebuildAsync(PlatformOptions options, string? month, CancellationToken cancellationToken)
    {
        await using var services = Services(options, search: true);
        await using var scope = services.CreateAsyncScope();
        var indexed = await scope.ServiceProvider.GetRequiredService<IndexRebuild>().RunAsync(month, cancellationToken);
        Console.WriteLine($"{indexed} entries are indexed.");
        return 0;
    }

    public static async Task<int> EraseAsync(PlatformOptions options, string tenant, Guid id, string by, string reason, CancellationToken cancellationToken)
    {
        var searchable = AuditSetup.IsSearchable(options);
        await using var services = Services(options, searchable);
        await using var scope = services.CreateAsyncScope();
        var erased = await scope.ServiceProvider.GetRequiredService<AuditLog>().EraseAsync(tenant, id, by, reason, cancellationToken)
            ?? throw new UserErrorException($"Tenant '{tenant}' has no audit entry {id}. Find its id with 'audit search'.");
        if (searchable)
        {
            var now = Contracts.Timestamp.From(scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow());
            await scope.ServiceProvider.GetRequiredService<IAuditIndex>().ReplaceAsync(new IndexedEntry(erased, now), cancellationToken);
        }

        Console.WriteLine($"The payload of {id} is erased.");
        return 0;
    }

    private static ServiceProvider Services(PlatformOptions options, bool search)
    {
        if (search && !AuditSetup.IsSearchable(options))
            throw new UserErrorException("Nothing is searchable on PostgreSQL without Elasticsearch. Give --elasticsearch http://localhost:9200 for instance, to 'run' too.");
        var services = new ServiceCollection();
        services.AddAuditTrail(Database(options, "audit"), audit => AuditSetup.Files(audit, options));
        if (search)
            services.AddAuditSearch(Database(options, "audit-index"), AuditSetup.Elasticsearch(options));
        return services.BuildServiceProvider();
    }

    private static Action<DbContextOptionsBuilder> Database(PlatformOptions options, string name)
    {
        if (options.Postgres is not null)
            return builder => builder.UseNpgsql(options.Postgres);
        var file = Path.Combine(options.DataDirectory, name + ".db");
        if (!File.Exists(file))
            throw new UserErrorException($"--data {options.DataDirectory}: there is no audit trail. Give the folder that 'run' or 'publish' was given.");
        return builder => builder.UseSqlite($"Data Source={file}").AddInterceptors(SqliteDurableConnections.Instance);
    }

    private static string Line(AuditEntry entry) =>
        $"{entry.Timestamp}  {entry.Id}  {entry.Result,-8} {entry.Action,-28} {entry.ResourceType}/{entry.ResourceId}  by {entry.UserId}  {entry.Details}";

    private static Dictionary<string, object?> Fields(AuditEntry entry) => new(StringComparer.Ordinal)
    {
        ["id"] = entry.Id,
        ["timestamp"] = entry.Timestamp.ToString(),
        ["tenant_id"] = entry.TenantId,
        ["user_id"] = entry.UserId,
        ["action"] = entry.Action,
        ["resource_type"] = entry.ResourceType,
        ["resource_id"] = entry.ResourceId,
        ["result"] = entry.Result,
        ["details"] = entry.Details is null ? null : JsonElement.Parse(entry.Details),
        ["event_id"] = entry.EventId,
        ["event_type"] = entry.EventType,
        ["source_service"] = entry.SourceService,
        ["correlation_id"] = entry.CorrelationId,
        ["causation_id"] = entry.CausationId,
    };
}
