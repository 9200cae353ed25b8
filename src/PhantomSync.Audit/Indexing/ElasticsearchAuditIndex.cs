using System.Buffers;
using System.Net;
using System.Text.Json;
using PhantomSync.Audit.Search;

namespace PhantomSync.Audit.Indexing;

/// <summary>The index in Elasticsearch: one per month of the entries' own time, written with <c>_bulk</c> and <c>create</c>.</summary>
internal sealed class ElasticsearchAuditIndex(ElasticsearchClient client, ElasticsearchOptions options, TimeProvider time) : IAuditIndex, IAuditSearch, IDisposable
{
    private readonly SemaphoreSlim _preparing = new(1);
    private volatile bool _prepared;

    public async Task AddAsync(IReadOnlyList<IndexedEntry> entries, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var refused = new List<string>();
        foreach (var chunk in Chunks(entries.Select(entry => Document(entry, "create"))))
            await WriteAsync(chunk, refused, cancellationToken);
        if (refused.Count > 0)
            throw new DocumentRefusedException($"Elasticsearch refuses {refused.Count} of {entries.Count} documents for good: {refused[0]}");
    }

    public async Task ReplaceAsync(IndexedEntry entry, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        var refused = new List<string>();
        await WriteAsync([Document(entry, "index")], refused, cancellationToken);
        if (refused.Count > 0)
            throw new DocumentRefusedException($"Elasticsearch refuses the document for good: {refused[0]}");
    }

    public async Task ClearAsync(string? month, CancellationToken cancellationToken)
    {
        // By name: servers refuse to delete by pattern.
        var found = Expect(await client.SendJsonAsync(HttpMethod.Get, $"/_resolve/index/{options.IndexPrefix}-{month ?? "*"}", null, cancellationToken), HttpStatusCode.NotFound);
        if (found.Status == HttpStatusCode.NotFound)
            return;
        foreach (var index in found.Body.GetProperty("indices").EnumerateArray())
            Expect(await client.SendJsonAsync(HttpMethod.Delete, $"/{index.GetProperty("name").GetString()}", null, cancellationToken), HttpStatusCode.NotFound);
    }

    public async Task<AuditPage> SearchAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var request = SearchRequest.Of(query);
        if (request.FindsNothing)
            return AuditPage.Empty;
        var reply = Expect(await client.SendJsonAsync(HttpMethod.Post, $"/{options.IndexPrefix}-*/_search", ElasticsearchQuery.Of(request), cancellationToken));
        var hits = reply.Body.GetProperty("hits").GetProperty("hits");
        Entries.AuditEntry[] entries = [.. hits.EnumerateArray().Take(request.PageSize).Select(hit => ElasticsearchDocument.Read(hit.GetProperty("_source")))];
        return new AuditPage(entries, hits.GetArrayLength() > request.PageSize ? AuditCursor.Of(entries[^1]).ToString() : null);
    }

    public void Dispose()
    {
        _preparing.Dispose();
        client.Dispose();
    }

    /// <summary>The template must be there before the first document makes an index.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_prepared)
            return;
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (_prepared)
                return;
            Expect(await client.SendJsonAsync(HttpMethod.Put, $"/_index_template/{options.IndexPrefix}", ElasticsearchDocument.Template(options.IndexPrefix), cancellationToken));
            _prepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Sends documents until each is in or refused; those that an overloaded node gives back go again, alone, after a pause.</summary>
    private async Task WriteAsync(List<byte[]> documents, List<string> refused, CancellationToken cancellationToken)
    {
        var pause = options.RetryInterval;
        for (var attempt = 1; ; attempt++)
        {
            var (again, why) = await WriteOnceAsync(documents, refused, cancellationToken);
            if (again.Count == 0)
                return;
            if (attempt >= options.BulkAttempts)
                throw new HttpRequestException($"Elasticsearch is overloaded: {again.Count} of {documents.Count} documents were given back {attempt} times ({why}).");
            documents = again;
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
            pause *= 2;
        }
    }

    private async Task<(List<byte[]> Again, string? Why)> WriteOnceAsync(List<byte[]> documents, List<string> refused, CancellationToken cancellationToken)
    {
        var path = options.Refresh is null ? "/_bulk" : $"/_bulk?refresh={options.Refresh}";
        var reply = await client.SendAsync(HttpMethod.Post, path, Join(documents), "application/x-ndjson", cancellationToken);
        switch (reply.Status)
        {
            case HttpStatusCode.TooManyRequests:
                return (documents, reply.Problem);
            case HttpStatusCode.RequestEntityTooLarge when documents.Count > 1:
                var half = documents.Count / 2;
                await WriteAsync(documents.GetRange(0, half), refused, cancellationToken);
                await WriteAsync(documents.GetRange(half, documents.Count - half), refused, cancellationToken);
                return ([], null);
            case HttpStatusCode.RequestEntityTooLarge:
                refused.Add(reply.Problem);
                return ([], null);
        }

        Expect(reply);
        if (reply.Body.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.False)
            return ([], null);

        var again = new List<byte[]>();
        string? why = null;
        var i = 0;
        foreach (var item in reply.Body.GetProperty("items").EnumerateArray())
        {
            var result = item.EnumerateObject().First().Value;
            var status = result.GetProperty("status").GetInt32();
            switch (status)
            {
                // 409: it is in already.
                case (>= 200 and < 300) or 409:
                    break;
                case 429 or >= 500:
                    again.Add(documents[i]);
                    why = $"{status} {ElasticsearchReply.Explain(result)}";
                    break;
                // The index is gone or must not be made by writing; rights that are missing can be given.
                case 401 or 403 or 404:
                    _prepared = false;
                    throw new HttpRequestException($"Elasticsearch does not take documents: {status} {ElasticsearchReply.Explain(result)}");
                default:
                    refused.Add($"{status} {ElasticsearchReply.Explain(result)}");
                    break;
            }

            i++;
        }

        return (again, why);
    }

    /// <exception cref="HttpRequestException">The answer is another than wanted. Without a status: the cluster is at fault, not the document.</exception>
    private static ElasticsearchReply Expect(ElasticsearchReply reply, HttpStatusCode? also = null) => reply.IsSuccess || reply.Status == also
        ? reply
        : throw new HttpRequestException($"Elasticsearch answers {reply.Problem}");

    private byte[] Document(IndexedEntry entry, string operation)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject(operation);
            json.WriteString("_index", $"{options.IndexPrefix}-{entry.Month}");
            json.WriteString("_id", entry.Entry.Id.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        ElasticsearchDocument.Write(bytes, entry.Entry);
        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }

    private IEnumerable<List<byte[]>> Chunks(IEnumerable<byte[]> documents)
    {
        var chunk = new List<byte[]>();
        var size = 0;
        foreach (var document in documents)
        {
            if (chunk.Count > 0 && size + document.Length > options.BulkBytes)
            {
                yield return chunk;
                (chunk, size) = ([], 0);
            }

            chunk.Add(document);
            size += document.Length;
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private static byte[] Join(List<byte[]> documents)
    {
        var joined = new byte[documents.Sum(document => document.Length)];
        var at = 0;
        foreach (var document in documents)
        {
            document.CopyTo(joined, at);
            at += document.Length;
        }

        return joined;
    }
}
