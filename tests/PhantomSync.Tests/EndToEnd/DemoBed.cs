using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using PhantomSync.Contracts;
using PhantomSync.Contracts.Conflicts;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Tests.Kafka;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>A place where demos run one after the other on the same data, and a look at that data from outside.</summary>
internal sealed class DemoBed : IDisposable
{
    private readonly string? _postgres;
    private int _demos;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("phantom-fire-");

    /// <param name="postgres">A database; null for SQLite files.</param>
    public DemoBed(string? postgres = null) => _postgres = postgres;

    /// <summary>Every topic of a demo, for brokers that make none by themselves.</summary>
    public static IReadOnlyList<string> Topics { get; } = [.. EventCatalogue.Platform.With(ConflictEvents.All).With(CascadeEvents.All).Topics, DeadLetterRecord.Topic];

    public string DataDirectory => Path.Combine(_folder.FullName, "data");

    /// <summary>Starts the demo with its standard output one JSON object.</summary>
    public HostProcess Demo(int events, int rate = 0, int seed = 1, string? failPoints = null, params string[] more)
    {
        string[] place = _postgres is null ? ["--data", DataDirectory] : ["--postgres", _postgres];
        return HostProcess.Start(["demo", "--events", $"{events}", "--rate", $"{rate}", "--seed", $"{seed}", "--json", "--stats", Path.Combine(_folder.FullName, $"{++_demos}.stats"), .. place, .. more], failPoints);
    }

    /// <summary>The last line that the process wrote to the statistics; null where it was killed before the first.</summary>
    public JsonElement? LastStats(int process) => StatsLines().LastOrDefault(line => line.GetProperty("process_id").GetInt32() == process) is { ValueKind: JsonValueKind.Object } line ? line : null;

    /// <summary>The last line of each process.</summary>
    public List<JsonElement> AllLastStats() => [.. StatsLines().GroupBy(line => line.GetProperty("process_id").GetInt32()).Select(lines => lines.Last())];

    /// <summary>Waits until the process's counters say so.</summary>
    /// <returns>The counters.</returns>
    public async Task<JsonElement> ReachesAsync(HostProcess host, Func<JsonElement, bool> condition, string what, double seconds = 90)
    {
        JsonElement? stats = null;
        try
        {
            await Wait.ForAsync(() => host.HasExited || ((stats = LastStats(host.Id)) is { } run && condition(run)), what, seconds);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} {stats} {host.Story}", exception);
        }

        host.HasExited.ShouldBeFalse($"it should have come about that {what}: {host.Story}");
        return stats!.Value;
    }

    /// <summary>A connection to a service's tables.</summary>
    public DbConnection Open(string service)
    {
        DbConnection connection = _postgres is null
            ? new SqliteConnection($"Data Source={Path.Combine(DataDirectory, service + ".db")};Pooling=False")
            : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres) { SearchPath = service, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    public List<T> Read<T>(string service, string sql, Func<DbDataReader, T> row)
    {
        using var connection = Open(service);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private List<JsonElement> StatsLines()
    {
        var lines = new List<JsonElement>();
        foreach (var file in _folder.GetFiles("*.stats"))
        {
            using var reader = new StreamReader(new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

            // After the last line break there may be half a line.
            lines.AddRange(reader.ReadToEnd().Split('\n').SkipLast(1).Select(line => JsonDocument.Parse(line).RootElement));
        }

        return lines;
    }
}
