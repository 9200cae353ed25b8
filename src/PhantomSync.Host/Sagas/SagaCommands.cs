using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.Host.Hosting;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Diagrams;
using PhantomSync.Sagas.Queries;

namespace PhantomSync.Host.Sagas;

/// <summary>What <see cref="SagaVerb"/> runs. None of it needs a running host, and none is in the way of one.</summary>
internal static class SagaCommands
{
    public static async Task<int> ListAsync(PlatformOptions options, SagaFilter filter, bool json, CancellationToken cancellationToken)
    {
        await using var sagas = Open(options);
        var found = await ReadAsync(() => new SagaQueries(sagas).ListAsync(filter, cancellationToken));
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize([.. found.Select(SagaLine.Of)], SagaLineJson.Default.SagaLineArray));
            return 0;
        }

        foreach (var saga in found)
            Console.Out.WriteLine(SagaText.Line(saga));
        Console.Out.WriteLine(found.Count == 1 ? "1 saga" : $"{found.Count:N0} sagas");
        return 0;
    }

    public static async Task<int> ShowAsync(PlatformOptions options, string name, string? tenantId, bool json, CancellationToken cancellationToken)
    {
        await using var sagas = Open(options);
        var queries = new SagaQueries(sagas);
        var found = await ReadAsync(() => queries.FindAsync(name, tenantId, cancellationToken));
        var id = found switch
        {
            [var one] => one.Id,
            [] => throw new UserErrorException($"There is no saga '{name}'{(tenantId is null ? "" : $" of tenant '{tenantId}'")}. 'saga list' shows those there are."),
            _ => throw new UserErrorException($"'{name}' may be {found.Count} sagas. Give --tenant, or one of these ids:{string.Concat(found.Take(10).Select(saga => $"\n  {SagaText.Line(saga)}"))}"),
        };
        var details = (await ReadAsync(() => queries.ShowAsync(id, cancellationToken)))!;
        Console.Out.Write(json ? JsonSerializer.Serialize(SagaReport.Of(details), SagaLineJson.Default.SagaReport) + Environment.NewLine : SagaText.Full(details));
        return 0;
    }

    public static async Task<int> DrawAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new UserErrorException($"{folder}: there is no such folder. Give the one that the diagrams go to, such as docs.");
        foreach (var (file, text) in MermaidDiagram.All())
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), text, cancellationToken);
            Console.Out.WriteLine(Path.Combine(folder, file));
        }

        return 0;
    }

    private static SagasDbContext Open(PlatformOptions options)
    {
        var builder = new DbContextOptionsBuilder<SagasDbContext>();
        if (options.Postgres is not null)
            return new SagasDbContext(builder.UseNpgsql(options.Postgres).Options);
        var file = Path.Combine(options.DataDirectory, "sagas.db");
        if (!File.Exists(file))
            throw new UserErrorException($"--data {options.DataDirectory}: no sagas ran here. Give the folder that 'run' or 'publish' was given.");
        return new SagasDbContext(builder.UseSqlite($"Data Source={file}").AddInterceptors(SqliteDurableConnections.Instance).Options);
    }

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new UserErrorException("--postgres: no sagas ran on this database. Give the one that 'run' was given.", exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or ArgumentException)
        {
            throw new UserErrorException($"--postgres: {exception.GetBaseException().Message}", exception);
        }
    }
}
