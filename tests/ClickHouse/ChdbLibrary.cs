namespace PhantomSync.Tests.Analytics.ClickHouse;

/// <summary>Where <c>tests/tools/install-chdb.sh</c> puts ClickHouse's engine.</summary>
internal static class ChdbLibrary
{
    public const string Missing = "There is no ClickHouse: run tests/tools/install-chdb.sh, or set PHANTOM_CLICKHOUSE=http://user:password@host:8123.";

    /// <summary>Null where it is not installed.</summary>
    public static string? Find()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var packages = Path.Combine(cache, "phantomsync", "chdb", "node_modules", "@chdb");
        return Directory.Exists(packages) ? Directory.EnumerateFiles(packages, "libchdb.so", SearchOption.AllDirectories).FirstOrDefault() : null;
    }
}
