using System.Diagnostics;
using ClickHouse.Driver;
using PhantomSync.Analytics.ClickHouse;
using PhantomSync.Tests.Analytics.ClickHouse;

namespace PhantomSync.Benchmarks.Servers;

/// <summary>
/// The ClickHouse of all runs: the server that PHANTOM_CLICKHOUSE names, else the engine behind its HTTP front in a child
/// process, so that what it costs is not taken for the program's own. The child ends with its standard input.
/// </summary>
internal static class ClickHouseProcess
{
    public const string Verb = "clickhouse";

    private static readonly SemaphoreSlim Starting = new(1);
    private static Uri? _address;

    /// <summary>Kept: once it is collected, the child's input ends.</summary>
    private static Process? _child;
    private static int _databases;

    /// <summary>A database of one run's own, which does not exist yet.</summary>
    /// <exception cref="InvalidOperationException">There is no ClickHouse.</exception>
    public static async Task<Uri> NewDatabaseAsync(CancellationToken cancellationToken)
    {
        await Starting.WaitAsync(cancellationToken);
        try
        {
            _address ??= Environment.GetEnvironmentVariable("PHANTOM_CLICKHOUSE") is { Length: > 0 } given ? new Uri(given) : await StartAsync(cancellationToken);
        }
        finally
        {
            Starting.Release();
        }

        return new Uri(_address, $"/bench_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}");
    }

    public static async Task DropAsync(Uri database)
    {
        var settings = ClickHouseAddress.Parse(database.ToString());
        using var client = new ClickHouseClient(settings);
        await client.ExecuteNonQueryAsync($"DROP DATABASE IF EXISTS {settings.Database}", options: new QueryOptions { Database = "default" });
    }

    /// <summary>What the child does: it prints its address and serves until its input ends.</summary>
    public static async Task<int> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("phantom-ch-");
        using (var engine = new ChdbEngine(ChdbLibrary.Find() ?? throw new InvalidOperationException(ChdbLibrary.Missing), directory.FullName))
        {
            using var front = ClickHouseFront.Start(engine);
            Console.WriteLine(front.Address);
            await Console.In.ReadToEndAsync();
        }

        directory.Delete(recursive: true);
        return 0;
    }

    private static async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        if (ChdbLibrary.Find() is null)
            throw new InvalidOperationException(ChdbLibrary.Missing);
        var assembly = typeof(ClickHouseProcess).Assembly.Location;
        string[] arguments = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [assembly, Verb] : [Verb];
        _child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        return new Uri(await _child.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("ClickHouse's engine did not start."));
    }
}
