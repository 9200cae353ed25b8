using Microsoft.Data.Sqlite;
using Npgsql;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Reading;
using PhantomSync.Audit.Recording;
using PhantomSync.Audit.Search;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Auditing;

/// <summary>
/// What <see cref="AuditVerb"/> runs. None of it needs a running host, and none is in the way of one. That somebody reads is
/// recorded in the trail's database; the host that runs, or the next one, brings it into the trail.
/// </summary>
internal static class AuditCommands
{
    /// <returns>0 where everything is as it was written; else 1.</returns>
    public static Task<int> VerifyAsync(PlatformOptions options, string? tenant, Operator by, CancellationToken cancellationToken) => RunAsync(options, search: false, async services =>
    {
        var sound = true;
        var tenants = 0;
        await foreach (var verdict in services.GetRequiredService<AuditReader>().VerifyAsync(tenant, by, cancellationToken))
        {
            tenants++;
            sound &= verdict.Fault is null;
            Console.WriteLine(verdict.Fault is { } fault
                ? $"{verdict.TenantId}: BAD after {verdict.Sealed} good entries. {fault.What}"
                : $"{verdict.TenantId}: {verdict.Sealed} entries verify ({verdict.Erased} erased), {verdict.Heads} signed heads match.");
        }

        var lag = await services.GetRequiredService<AuditLog>().SealingLagAsync(cancellationToken);
        Console.WriteLine(tenants == 0 ? "There is nothing sealed yet." : sound ? "The audit trail is as it was written." : "The audit trail has been tampered with.");
        if (lag.Entries > 0)
            Console.WriteLine($"{lag.Entries} entries wait for their seal, the oldest for {lag.Age.TotalSeconds:F1} s.");
        return sound ? 0 : 1;
    }, cancellationToken);

    public static Task<int> SearchAsync(PlatformOptions options, AuditQuery query, Operator by, bool json, CancellationToken cancellationToken) => RunAsync(options, search: true, async services =>
    {
        var page = await services.GetRequiredService<AuditReader>().SearchAsync(query, by, cancellationToken);
        foreach (var entry in page.Entries)
            Console.WriteLine(json ? AuditJsonText.Of(entry) : AuditText.Line(entry));
        if (page.Entries.Count == 0)
            await Console.Error.WriteLineAsync("Nothing is found.");
        if (page.Next is not null)
            await Console.Error.WriteLineAsync($"There is more: --after {page.Next}");
        return 0;
    }, cancellationToken);

    public static Task<int> ShowAsync(PlatformOptions options, string tenant, Guid id, Operator by, bool json, CancellationToken cancellationToken) => RunAsync(options, search: false, async services =>
    {
        var found = await services.GetRequiredService<AuditReader>().ShowAsync(tenant, id, by, cancellationToken)
            ?? throw new UserErrorException($"Tenant '{tenant}' has no audit entry {id}. Find its id with 'audit search'.");
        Console.Write(json ? AuditJsonText.Of(found) + Environment.NewLine : AuditText.Full(found));
        return 0;
    }, cancellationToken);

    public static Task<int> RebuildAsync(PlatformOptions options, string? month, Operator by, CancellationToken cancellationToken) => RunAsync(options, search: true, async services =>
    {
        var indexed = await services.GetRequiredService<IndexRebuild>().RunAsync(month, by, cancellationToken);
        Console.WriteLine($"{indexed} entries are indexed.");
        return 0;
    }, cancellationToken);

    public static Task<int> EraseAsync(PlatformOptions options, string tenant, Guid id, Operator by, CancellationToken cancellationToken) => RunAsync(options, search: false, async services =>
    {
        if (by.Reason is null)
            throw new UserErrorException("--reason is empty. Say why the payload is erased; it is audited.");
        var erasure = await services.GetRequiredService<AuditLog>().EraseAsync(tenant, id, by, cancellationToken)
            ?? throw new UserErrorException($"Tenant '{tenant}' has no audit entry {id}. Find its id with 'audit search'.");
        if (services.GetService<IAuditIndex>() is { } index)
        {
            var now = Contracts.Timestamp.From(services.GetRequiredService<TimeProvider>().GetUtcNow());
            await index.ReplaceAsync(new IndexedEntry(erasure.Erased, now), cancellationToken);
            if (erasure.Record is { } record)
                await index.AddAsync([new IndexedEntry(record, now)], cancellationToken);
        }

        Console.WriteLine($"The payload of {id} is erased.");
        return 0;
    }, cancellationToken);

    /// <param name="options">Where the trail is.</param>
    /// <param name="search">Whether it must be searchable.</param>
    /// <param name="command">Works with services that see all of the platform and run none of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private static async Task<int> RunAsync(PlatformOptions options, bool search, Func<IServiceProvider, Task<int>> command, CancellationToken cancellationToken)
    {
        if (search && !AuditSetup.IsSearchable(options))
            throw new UserErrorException("Nothing is searchable on PostgreSQL without Elasticsearch. Give --elasticsearch http://localhost:9200 for instance, to 'run' too.");
        if (options.Postgres is null && !File.Exists(Path.Combine(options.DataDirectory, "audit.db")))
            throw new UserErrorException($"--data {options.DataDirectory}: there is no audit trail. Give the folder that 'run' or 'publish' was given.");
        try
        {
            await using var host = await PlatformHost.CreateAsync(options, LogLevel.Error, urls: null, _ => { }, cancellationToken, PlatformRole.Reader);
            await using var scope = host.Services.CreateAsyncScope();
            return await command(scope.ServiceProvider);
        }
        catch (ArgumentException exception)
        {
            // Which parameter of ours it was says nothing to the caller.
            throw new UserErrorException(exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal), exception);
        }
        catch (Exception exception) when (exception.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable })
        {
            throw new UserErrorException("--postgres: there is no audit trail in this database. Give the one that 'run' was given.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or UnrecordedReadException)
        {
            throw new UserErrorException(exception.Message, exception);
        }
        catch (SqliteException exception)
        {
            throw new UserErrorException($"--data {options.DataDirectory}: {exception.Message} Where an earlier release made the trail, let 'run' work on it once.", exception);
        }
        catch (Exception exception) when (exception is NpgsqlException || exception.InnerException is NpgsqlException)
        {
            throw new UserErrorException($"--postgres: {exception.GetBaseException().Message}", exception);
        }
    }
}
