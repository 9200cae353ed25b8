using ClickHouse.Driver.ADO;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>A server and a database, as in <c>http://user:password@localhost:8123/phantomsync</c>.</summary>
internal static class ClickHouseAddress
{
    public const string DefaultDatabase = "phantomsync";

    /// <exception cref="FormatException">The text is not such an address.</exception>
    public static ClickHouseClientSettings Parse(string text, TimeSpan? timeout = null)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new FormatException("This is not an address of a ClickHouse server. Write http://user:password@localhost:8123/phantomsync, or https://….");
        var database = uri.AbsolutePath.Trim('/') is { Length: > 0 } path ? Uri.UnescapeDataString(path) : DefaultDatabase;
        if (!database.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new FormatException($"'{database}' cannot be the database's name: use letters, digits and underscores.");
        var user = uri.UserInfo.Split(':', 2);
        return new ClickHouseClientSettings
        {
            Protocol = uri.Scheme,
            Host = uri.Host,
            Port = uri.IsDefaultPort ? (ushort)(uri.Scheme == "http" ? 8123 : 8443) : (ushort)uri.Port,
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : "default",
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "",
            Database = database,
            Timeout = timeout ?? AnalyticsOptions.DefaultStatementTimeout,
        };
    }
}
