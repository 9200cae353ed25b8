using System.Net;
using System.Net.Sockets;
using PhantomSync.Tests.Analytics.ClickHouse;

[assembly: AssemblyFixture(typeof(ClickHouseServer))]

namespace PhantomSync.Tests.Analytics.ClickHouse;

/// <summary>
/// The ClickHouse of all tests: the server that PHANTOM_CLICKHOUSE names, else the engine that <c>tests/tools/install-chdb.sh</c>
/// installs, behind a small HTTP front. Where there is none, tests skip on a developer's machine and fail where CI=true.
/// </summary>
public sealed class ClickHouseServer : IDisposable
{
    private readonly Lazy<ChdbEngine> _engine;
    private readonly Lazy<Uri> _address;
    private ClickHouseFront? _front;
    private string? _directory;
    private int _databases;

    public ClickHouseServer()
    {
        _engine = new(() => new ChdbEngine(FindLibrary(), _directory = Directory.CreateTempSubdirectory("phantom-ch-").FullName));
        _address = new(Start);
    }

    /// <summary>The address of a database of the test's own, which does not exist yet.</summary>
    public Uri NewDatabase() => new(_address.Value, $"/t{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}");

    public void Dispose()
    {
        _front?.Dispose();
        if (_directory is null)
            return;
        _engine.Value.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Uri Start()
    {
        if (Environment.GetEnvironmentVariable("PHANTOM_CLICKHOUSE") is { Length: > 0 } given)
            return new Uri(given);
        var port = FreePort();
        _front = new ClickHouseFront(_engine.Value, port);
        return new Uri($"http://127.0.0.1:{port}");
    }

    private static string FindLibrary()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var packages = Path.Combine(cache, "phantomsync", "chdb", "node_modules", "@chdb");
        var library = Directory.Exists(packages) ? Directory.EnumerateFiles(packages, "libchdb.so", SearchOption.AllDirectories).FirstOrDefault() : null;
        if (library is not null)
            return library;
        const string Missing = "There is no ClickHouse: run tests/tools/install-chdb.sh, or set PHANTOM_CLICKHOUSE=http://user:password@host:8123.";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(Missing);
        Assert.Skip(Missing);
        return Missing;
    }
}
