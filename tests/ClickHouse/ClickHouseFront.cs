using System.Collections.Specialized;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using ZstdSharp;

namespace PhantomSync.Tests.Analytics.ClickHouse;

/// <summary>As much of ClickHouse's HTTP interface as its .NET client uses, in front of the engine.</summary>
internal sealed partial class ClickHouseFront : IDisposable
{
    private static readonly string[] NotSettings = ["query", "query_id", "database", "default_format", "enable_http_compression", "user", "password"];

    private readonly ChdbEngine _engine;
    private readonly HttpListener _listener = new();

    private ClickHouseFront(ChdbEngine engine, int port)
    {
        _engine = engine;
        Address = new Uri($"http://127.0.0.1:{port}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = ListenAsync();
    }

    public Uri Address { get; }

    /// <summary>On a port that nobody uses.</summary>
    public static ClickHouseFront Start(ChdbEngine engine) => new(engine, FreePort());

    public void Dispose() => _listener.Close();

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"\A\s*INSERT\s+INTO\s[^\n]*\sFORMAT\s+RowBinary\w*[ \t\r]*\n", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex BinaryInsert();

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            byte[] answer;
            try
            {
                answer = Run(context.Request.QueryString, await BodyAsync(context.Request));
            }
            catch (ChdbException exception)
            {
                context.Response.StatusCode = 500;
                context.Response.Headers["X-ClickHouse-Exception-Code"] = new string([.. exception.Message.SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit)]);
                answer = Encoding.UTF8.GetBytes(exception.Message);
            }

            context.Response.ContentLength64 = answer.Length;
            await context.Response.OutputStream.WriteAsync(answer);
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client has gone, or the front is being closed under it.
        }
    }

    private byte[] Run(NameValueCollection query, byte[] body)
    {
        var before = new List<string>();
        if (query["database"] is { } database)
            before.Add($"USE {database}");
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in query.AllKeys.OfType<string>())
        {
            if (name.StartsWith("param_", StringComparison.Ordinal))
                parameters.Add(name["param_".Length..], query[name]!);
            else if (!NotSettings.Contains(name))
                before.Add($"SET {name} = '{query[name]}'");
        }

        var format = query["default_format"] ?? "TabSeparated";
        var given = query["query"] is { } text ? [.. Encoding.UTF8.GetBytes(text), (byte)'\n', .. body] : body;
        var head = Encoding.Latin1.GetString(given, 0, Math.Min(given.Length, 8_192));
        if (BinaryInsert().Match(head) is not { Success: true } insert)
            return _engine.Run(before, Encoding.UTF8.GetString(given), format, parameters);

        // The library takes statements, not streams: the rows go by way of a file.
        var file = Path.GetTempFileName();
        try
        {
            using (var rows = File.Create(file))
                rows.Write(given, insert.Length, given.Length - insert.Length);
            var statement = insert.Value.Trim();
            var at = statement.LastIndexOf("FORMAT", StringComparison.OrdinalIgnoreCase);
            return _engine.Run(before, $"{statement[..at]}FROM INFILE '{file}' {statement[at..]}", format, parameters);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpListenerRequest request)
    {
        var coding = request.Headers["Content-Encoding"] ?? "";
        await using var body = coding.Contains("zstd", StringComparison.OrdinalIgnoreCase) ? new DecompressionStream(request.InputStream)
            : coding.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? new GZipStream(request.InputStream, CompressionMode.Decompress)
            : request.InputStream;
        using var all = new MemoryStream();
        await body.CopyToAsync(all);
        return all.ToArray();
    }
}
