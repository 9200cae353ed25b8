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

    private Uri Start()
    {
        if (Environment.GetEnvironmentVariable("PHANTOM_CLICKHOUSE") is { Length: > 0 } given)
            return new Uri(given);
        _front = ClickHouseFront.Start(_engine.Value);
        return _front.Address;
    }

    private static string FindLibrary()
    {
        if (ChdbLibrary.Find() is { } library)
            return library;
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(ChdbLibrary.Missing);
        Assert.Skip(ChdbLibrary.Missing);
        return ChdbLibrary.Missing;
    }
}
