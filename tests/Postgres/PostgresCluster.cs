using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PhantomSync.Tests.Postgres;

/// <summary>A PostgreSQL cluster of one's own, with the installed binaries, in a temporary folder.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    private readonly string _binaries;
    private readonly string _directory;
    private readonly string _settings;
    private bool _runs;

    private PostgresCluster(string binaries, string directory, string settings) => (_binaries, _directory, _settings) = (binaries, directory, settings);

    /// <summary>Why there cannot be one; null where there can.</summary>
    public static string? Missing { get; } = FindBinaries() is null ? "There is no PostgreSQL: set PHANTOM_POSTGRES to a connection string, or install initdb and pg_ctl." : null;

    public int Port { get; } = FreePort();

    /// <summary>To the database that every cluster has, as its superuser.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres";

    /// <summary>Of the server's first process; null while it does not run.</summary>
    public int? ProcessId => File.Exists(Path.Combine(Data, "postmaster.pid")) ? int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture) : null;

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Makes the cluster; it is not running yet.</summary>
    public static async Task<PostgresCluster> CreateAsync(string settings = "")
    {
        var directory = Directory.CreateTempSubdirectory("phantom-pg-").FullName;
        if (IsRoot)
            await RunAsync("chown", ["postgres", directory]);
        var cluster = new PostgresCluster(FindBinaries() ?? throw new InvalidOperationException(Missing), directory, settings);
        await cluster.RunAsServerAsync("initdb", "-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        return cluster;
    }

    public async Task StartAsync()
    {
        await RunAsServerAsync("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_directory, "log"), "-o", $"-p {Port} -k {_directory} -c listen_addresses=127.0.0.1 {_settings}", "start");
        _runs = true;
    }

    /// <summary>As a crash and its recovery: every connection is cut, nothing is finished.</summary>
    public Task RestartAsync() => RunAsServerAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "-l", Path.Combine(_directory, "log"), "restart");

    /// <summary>Lets a user in only with its password.</summary>
    public async Task DemandPasswordAsync(string user)
    {
        var rules = Path.Combine(Data, "pg_hba.conf");
        await File.WriteAllTextAsync(rules, $"host all {user} 127.0.0.1/32 scram-sha-256\n" + await File.ReadAllTextAsync(rules));
        await RunAsServerAsync("pg_ctl", "-D", Data, "reload");
    }

    public async ValueTask DisposeAsync()
    {
        if (_runs)
            await RunAsServerAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        Directory.Delete(_directory, recursive: true);
    }

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    private static string? FindBinaries()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal).Select(d => Path.Combine(d, "bin"))
            : [];
        return installed.Concat(path).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb" + Suffix)) && File.Exists(Path.Combine(d, "pg_ctl" + Suffix)));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private Task RunAsServerAsync(string program, params string[] arguments)
    {
        var file = Path.Combine(_binaries, program + Suffix);
        return IsRoot ? RunAsync("runuser", ["-u", "postgres", "--", file, .. arguments]) : RunAsync(file, arguments);
    }

    private static async Task RunAsync(string file, string[] arguments)
    {
        // Output is not redirected to a pipe: the server that pg_ctl leaves behind would keep it open.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Path.GetTempPath() };
        if (OperatingSystem.IsWindows())
            start = new ProcessStartInfo(file, arguments);
        else
            Array.ForEach(["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", file, .. arguments], start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
