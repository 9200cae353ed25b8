using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PhantomSync.Tests.Audit;

/// <summary>
/// The part of Elasticsearch's REST contract that the audit index uses, taken strictly: what the real server refuses is refused
/// here, too. Faults are scripted.
/// </summary>
public sealed class ElasticsearchStandIn : IAsyncDisposable
{
    // _source comes back as it was sent.
    private static readonly JsonSerializerOptions Verbatim = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, SortedDictionary<string, JsonObject>> _indices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _templates = new(StringComparer.Ordinal);
    private readonly Lock _state = new();
    private readonly Task _serving;

    public ElasticsearchStandIn()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Where not null, the header that every request must have.</summary>
    public string? Authorization { get; set; }

    /// <summary>Given method and path, the status to answer instead; null to go on.</summary>
    public Func<string, string, int?>? OnRequest { get; set; }

    /// <summary>Given a document's id, the status and error type to give it instead; null to go on.</summary>
    public Func<string, (int Status, string Type)?>? OnDocument { get; set; }

    public int MaxBytes { get; set; } = int.MaxValue;

    public List<string> Requests { get; } = [];

    /// <summary>The names of the indices, and how many documents each has.</summary>
    public Dictionary<string, int> Indices
    {
        get
        {
            lock (_state)
                return _indices.ToDictionary(index => index.Key, index => index.Value.Count);
        }
    }

    public JsonObject? Template(string name)
    {
        lock (_state)
            return _templates.GetValueOrDefault(name);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Abort();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var (status, answer) = Answer(context.Request, body.ToArray());
        var bytes = Encoding.UTF8.GetBytes(answer.ToJsonString(Verbatim));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength64 = bytes.Length;
        try
        {
            await context.Response.OutputStream.WriteAsync(bytes);
            context.Response.Close();
        }
        catch (HttpListenerException)
        {
            // The client went away.
        }
    }

    private (int, JsonNode) Answer(HttpListenerRequest request, byte[] body)
    {
        var path = request.Url!.AbsolutePath;
        lock (_state)
        {
            Requests.Add($"{request.HttpMethod} {path}");
            if (Authorization is not null && request.Headers["Authorization"] != Authorization)
                return (401, Error("security_exception", "missing authentication credentials"));
            if (OnRequest?.Invoke(request.HttpMethod, path) is { } scripted)
                return (scripted, Error("scripted", "as the test says"));
            try
            {
                return (request.HttpMethod, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) switch
                {
                    ("PUT", ["_index_template", var name]) => PutTemplate(name, Json(request, body)),
                    ("POST", ["_bulk"]) => Bulk(request, body),
                    ("POST", [var pattern, "_search"]) => Search(pattern, Json(request, body)),
                    ("GET", ["_resolve", "index", var pattern]) => Resolve(pattern),
                    ("DELETE", [var name]) => Delete(name),
                    _ => (405, Error("illegal_argument_exception", $"no handler found for uri [{path}] and method [{request.HttpMethod}]")),
                };
            }
            catch (Refusal refusal)
            {
                return (refusal.Status, Error(refusal.Type, refusal.Message));
            }
        }
    }

    private static JsonObject Json(HttpListenerRequest request, byte[] body) => request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true
        ? JsonNode.Parse(body)!.AsObject()
        : throw new Refusal(406, "media_type_header_exception", $"Content-Type header [{request.ContentType}] is not supported");

    private (int, JsonNode) PutTemplate(string name, JsonObject body)
    {
        Only(body, "index_patterns", "priority", "template", "composed_of", "version", "_meta");
        Only(body["template"]!.AsObject(), "settings", "mappings", "aliases");
        var mappings = body["template"]!["mappings"]!.AsObject();
        Only(mappings, "dynamic", "properties");
        foreach (var (field, mapping) in mappings["properties"]!.AsObject())
        {
            var type = (string)mapping!["type"]!;
            string[] allowed = type switch
            {
                "keyword" => ["type", "ignore_above"],
                "long" => ["type"],
                "date" => ["type", "format"],
                "text" => ["type", "analyzer", "norms"],
                "object" => ["type", "enabled"],
                _ => throw new Refusal(400, "mapper_parsing_exception", $"No handler for type [{type}] declared on field [{field}]"),
            };
            Only(mapping.AsObject(), allowed);
        }

        _templates[name] = body.DeepClone().AsObject();
        return (200, new JsonObject { ["acknowledged"] = true });
    }

    private (int, JsonNode) Bulk(HttpListenerRequest request, byte[] body)
    {
        if (request.ContentType is not ("application/x-ndjson" or "application/json"))
            throw new Refusal(406, "media_type_header_exception", $"Content-Type header [{request.ContentType}] is not supported");
        if (body.Length > MaxBytes)
            throw new Refusal(413, "content_too_long", "the request is too long");
        if (body.Length == 0 || body[^1] != '\n')
            throw new Refusal(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
        var lines = Encoding.UTF8.GetString(body)[..^1].Split('\n');
        var items = new JsonArray();
        var errors = false;
        for (var i = 0; i < lines.Length; i += 2)
        {
            var (operation, target) = JsonNode.Parse(lines[i])!.AsObject().Single();
            if (operation is not ("create" or "index"))
                throw new Refusal(400, "illegal_argument_exception", $"Malformed action/metadata line [{i + 1}]");
            Only(target!.AsObject(), "_index", "_id");
            var (index, id) = ((string)target["_index"]!, (string)target["_id"]!);
            if (Encoding.UTF8.GetByteCount(id) > 512)
                throw new Refusal(400, "action_request_validation_exception", "id is too long, must be no longer than 512 bytes");
            var item = new JsonObject { ["_index"] = index, ["_id"] = id };
            var problem = Put(operation, index, id, lines[i + 1], out var status);
            item["status"] = status;
            if (problem is not null)
            {
                errors = true;
                item["error"] = problem["error"]!.DeepClone();
            }

            items.Add(new JsonObject { [operation] = item });
        }

        return (200, new JsonObject { ["took"] = 1, ["errors"] = errors, ["items"] = items });
    }

    private JsonObject? Put(string operation, string index, string id, string line, out int status)
    {
        if (OnDocument?.Invoke(id) is { } scripted)
        {
            status = scripted.Status;
            return Error(scripted.Type, "as the test says");
        }

        var document = JsonNode.Parse(line)!.AsObject();
        var template = _templates.Values.FirstOrDefault(t => t["index_patterns"]!.AsArray().Any(pattern => Matches((string)pattern!, index)));
        if (template is not null)
        {
            var fields = template["template"]!["mappings"]!["properties"]!.AsObject();
            foreach (var (name, _) in document)
            {
                if (!fields.ContainsKey(name))
                {
                    status = 400;
                    return Error("strict_dynamic_mapping_exception", $"mapping set to strict, dynamic introduction of [{name}] within [_doc] is not allowed");
                }
            }
        }

        if (!_indices.TryGetValue(index, out var documents))
            _indices[index] = documents = new(StringComparer.Ordinal);
        if (operation == "create" && documents.ContainsKey(id))
        {
            status = 409;
            return Error("version_conflict_engine_exception", $"[{id}]: version conflict, document already exists (current version [1])");
        }

        status = documents.ContainsKey(id) ? 200 : 201;

        // The text as it came: _source is not rewritten.
        document["\u0001raw"] = line;
        documents[id] = document;
        return null;
    }

    private (int, JsonNode) Search(string pattern, JsonObject body)
    {
        Only(body, "size", "track_total_hits", "_source", "query", "sort", "search_after");
        var size = (int)body["size"]!;
        if (size > 10_000)
            throw new Refusal(400, "illegal_argument_exception", "Result window is too large, from + size must be less than or equal to: [10000]");
        Only(body["query"]!.AsObject(), "bool");
        Only(body["query"]!["bool"]!.AsObject(), "filter");
        var filters = body["query"]!["bool"]!["filter"]!.AsArray();
        var sort = body["sort"]!.AsArray().Select(part => part!.AsObject().Single()).ToArray();
        foreach (var (_, options) in sort)
            Only(options!.AsObject(), "order", "unmapped_type");
        sort.Select(part => (string)part.Value!["order"]!).ShouldAllBe(order => order == "desc");
        var after = body["search_after"]?.AsArray();
        if (after is not null && after.Count != sort.Length)
            throw new Refusal(400, "illegal_argument_exception", $"search_after has {after.Count} value(s) but sort has {sort.Length}.");

        var hits = _indices.Where(index => Matches(pattern, index.Key)).SelectMany(index => index.Value.Select(document => (Index: index.Key, Id: document.Key, Source: document.Value)))
            .Where(hit => filters.All(filter => Holds(filter!.AsObject(), hit.Source)))
            .OrderByDescending(hit => hit.Source, Comparer<JsonObject>.Create((one, other) => sort.Select(part => Compare(one[part.Key], other[part.Key])).FirstOrDefault(c => c != 0)))
            .Where(hit => after is null || sort.Select((part, i) => Compare(hit.Source[part.Key], after[i])).FirstOrDefault(c => c != 0) < 0)
            .Take(size);
        var excluded = body["_source"]?["excludes"]?.AsArray().Select(name => (string)name!).ToArray() ?? [];
        return (200, new JsonObject
        {
            ["took"] = 1,
            ["timed_out"] = false,
            ["hits"] = new JsonObject
            {
                ["max_score"] = null,
                ["hits"] = new JsonArray([.. hits.Select(hit => (JsonNode)new JsonObject { ["_index"] = hit.Index, ["_id"] = hit.Id, ["_score"] = null, ["_source"] = Source(hit.Source, excluded) })]),
            },
        });
    }

    private static JsonObject Source(JsonObject document, string[] excluded)
    {
        var source = JsonNode.Parse((string)document["\u0001raw"]!)!.AsObject();
        foreach (var name in excluded)
            source.Remove(name);
        return source;
    }

    private static bool Holds(JsonObject filter, JsonObject document)
    {
        var (kind, what) = filter.Single();
        switch (kind)
        {
            case "term":
                var (field, value) = what!.AsObject().Single();
                return document[field] is { } held && (string)held! == (string)value!;
            case "range":
                var (ranged, limits) = what!.AsObject().Single();
                Only(limits!.AsObject(), "gte", "lt");
                var number = (long)document[ranged]!;
                return (limits["gte"] is not { } from || number >= (long)from) && (limits["lt"] is not { } to || number < (long)to);
            case "simple_query_string":
                Only(what!.AsObject(), "query", "fields", "default_operator", "flags");
                ((string)what["default_operator"]!).ShouldBe("and");
                ((string)what["flags"]!).Split('|').ShouldBe(["PHRASE", "PREFIX", "WHITESPACE"], ignoreOrder: true);
                var words = ((string)document[(string)what["fields"]!.AsArray().Single()!]!).Split(' ');
                return Clauses((string)what["query"]!).All(clause => clause.EndsWith('*')
                    ? words.Any(word => word.StartsWith(clause[..^1], StringComparison.Ordinal))
                    : Contains(words, clause.Split(' ')));
            default:
                throw new Refusal(400, "parsing_exception", $"unknown query [{kind}]");
        }
    }

    private static IEnumerable<string> Clauses(string query) =>
        query.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static bool Contains(string[] words, string[] phrase) =>
        Enumerable.Range(0, Math.Max(0, words.Length - phrase.Length + 1)).Any(at => words.AsSpan(at, phrase.Length).SequenceEqual(phrase));

    private (int, JsonNode) Resolve(string pattern)
    {
        var found = _indices.Keys.Where(name => Matches(pattern, name)).Order(StringComparer.Ordinal).ToArray();
        if (found.Length == 0 && !pattern.Contains('*', StringComparison.Ordinal))
            throw new Refusal(404, "index_not_found_exception", $"no such index [{pattern}]");
        return (200, new JsonObject
        {
            ["indices"] = new JsonArray([.. found.Select(name => (JsonNode)new JsonObject { ["name"] = name, ["attributes"] = new JsonArray("open") })]),
            ["aliases"] = new JsonArray(),
            ["data_streams"] = new JsonArray(),
        });
    }

    private (int, JsonNode) Delete(string name)
    {
        if (name.Contains('*', StringComparison.Ordinal))
            throw new Refusal(400, "illegal_argument_exception", "Wildcard expressions or all indices are not allowed");
        return _indices.Remove(name)
            ? (200, new JsonObject { ["acknowledged"] = true })
            : throw new Refusal(404, "index_not_found_exception", $"no such index [{name}]");
    }

    private static int Compare(JsonNode? one, JsonNode? other) => one!.GetValueKind() == JsonValueKind.Number
        ? ((long)one).CompareTo((long)other!)
        : string.CompareOrdinal((string)one!, (string)other!);

    private static bool Matches(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == name;

    private static void Only(JsonObject given, params string[] known)
    {
        foreach (var (name, _) in given)
        {
            if (!known.Contains(name))
                throw new Refusal(400, "x_content_parse_exception", $"unknown field [{name}]");
        }
    }

    private static JsonObject Error(string type, string reason) => new() { ["error"] = new JsonObject { ["type"] = type, ["reason"] = reason } };

    private sealed class Refusal(int status, string type, string reason) : Exception(reason)
    {
        public int Status => status;

        public string Type => type;
    }
}
