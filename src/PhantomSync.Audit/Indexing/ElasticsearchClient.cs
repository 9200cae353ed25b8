using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;

namespace PhantomSync.Audit.Indexing;

/// <summary>Sends requests to one of several nodes, and to the next where one is away. Thread-safe.</summary>
internal sealed class ElasticsearchClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Node[] _nodes;
    private readonly ElasticsearchOptions _options;
    private readonly TimeProvider _time;
    private int _next;

    public ElasticsearchClient(ElasticsearchOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        if (options.Nodes.Count == 0)
            throw new ArgumentException("Elasticsearch has no nodes. Give at least one address, such as http://localhost:9200.", nameof(options));
        _nodes = [.. options.Nodes.Select(uri => new Node(new UriBuilder(uri) { UserName = "", Password = "" }.Uri, Authorization(uri)))];

        // Names are looked up anew now and then, so that a node may move.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), SslOptions = Tls(), AutomaticDecompression = DecompressionMethods.All })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <returns>The first answer of a node that is up, whatever it says; 502, 503 and 504 count as a node that is down.</returns>
    /// <exception cref="HttpRequestException">No node answered. It has no status: trying again later can help.</exception>
    public async Task<ElasticsearchReply> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, string contentType, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        Exception? last = null;
        foreach (var node in InOrder())
        {
            using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                var reply = await SendAsync(node, method, path, body, contentType, either.Token);
                if (reply.Status is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
                {
                    node.RestUntil = 0;
                    return reply;
                }

                problems.Add($"{node.Address}: {reply.Problem}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
            {
                problems.Add($"{node.Address}: {exception.Message}");
                last = exception;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                problems.Add($"{node.Address}: no answer within {_options.RequestTimeout.TotalSeconds:F0} s");
                last = exception;
            }

            node.RestUntil = _time.GetTimestamp() + (long)(_options.RestAfterFailure.TotalSeconds * _time.TimestampFrequency);
        }

        throw new HttpRequestException($"Elasticsearch is away: {string.Join("; ", problems)}", last);
    }

    public Task<ElasticsearchReply> SendJsonAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken) =>
        SendAsync(method, path, body, "application/json", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<ElasticsearchReply> SendAsync(Node node, HttpMethod method, string path, ReadOnlyMemory<byte>? body, string contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(node.Address, path));
        request.Headers.Authorization = node.Authorization;
        if (body is { } bytes)
            request.Content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new ElasticsearchReply(response.StatusCode, Parse(answer, response.IsSuccessStatusCode));
    }

    /// <summary>A proxy's error page is no JSON; what it says is kept all the same.</summary>
    private static JsonElement Parse(byte[] answer, bool isSuccess)
    {
        if (answer.Length == 0)
            return default;
        try
        {
            return JsonElement.Parse(answer);
        }
        catch (JsonException) when (!isSuccess)
        {
            return JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["error"] = Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 200))) });
        }
    }

    /// <summary>In turn; those that failed lately come last, in case they are back and the others are not.</summary>
    private IEnumerable<Node> InOrder()
    {
        var first = (uint)Interlocked.Increment(ref _next);
        var now = _time.GetTimestamp();
        return Enumerable.Range(0, _nodes.Length).Select(i => _nodes[(first + (uint)i) % (uint)_nodes.Length]).OrderBy(node => node.RestUntil > now);
    }

    private AuthenticationHeaderValue? Authorization(Uri uri)
    {
        if (_options.ApiKey is { Length: > 0 } key)
            return new AuthenticationHeaderValue("ApiKey", key);
        var credentials = uri.UserInfo.Length > 0
            ? string.Join(':', uri.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString))
            : _options.UserName is { } user ? $"{user}:{_options.Password}" : null;
        return credentials is null ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
    }

    private SslClientAuthenticationOptions Tls()
    {
        var options = new SslClientAuthenticationOptions();
        if (_options.CertificateFingerprint is { Length: > 0 } fingerprint)
            options.RemoteCertificateValidationCallback = new PinnedCertificate(fingerprint).Accepts;
        return options;
    }

    private sealed class Node(Uri address, AuthenticationHeaderValue? authorization)
    {
        private long _restUntil;

        public Uri Address => address;

        public AuthenticationHeaderValue? Authorization => authorization;

        public long RestUntil
        {
            get => Volatile.Read(ref _restUntil);
            set => Volatile.Write(ref _restUntil, value);
        }
    }
}
