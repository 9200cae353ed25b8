using System.Buffers;
using System.Text.Json;
using PhantomSync.Audit.Search;

namespace PhantomSync.Audit.Indexing;

/// <summary>Writes the search request. The tenant is always a filter of it, and the text holds nothing but words.</summary>
internal static class ElasticsearchQuery
{
    public static byte[] Of(SearchRequest request)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();

        // One more than asked for tells whether there is a next page.
        json.WriteNumber("size", request.PageSize + 1);
        json.WriteBoolean("track_total_hits", false);
        json.WriteStartObject("_source");
        json.WriteStartArray("excludes");
        json.WriteStringValue("text");
        json.WriteEndArray();
        json.WriteEndObject();

        json.WriteStartObject("query");
        json.WriteStartObject("bool");
        json.WriteStartArray("filter");
        Term(json, "tenant_id", request.TenantId);
        foreach (var (name, value) in request.Fields)
            Term(json, name, value);
        if (request.From is not null || request.To is not null)
            Range(json, request);
        if (request.Clauses.Count > 0)
            Text(json, request.Clauses);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();

        json.WriteStartArray("sort");
        Descending(json, "timestamp_us", "long");
        Descending(json, "id", "keyword");
        json.WriteEndArray();
        if (request.After is { } after)
        {
            json.WriteStartArray("search_after");
            json.WriteNumberValue(after.Microseconds);
            json.WriteStringValue(after.Id);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void Term(Utf8JsonWriter json, string field, string value)
    {
        json.WriteStartObject();
        json.WriteStartObject("term");
        json.WriteString(field, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Range(Utf8JsonWriter json, SearchRequest request)
    {
        json.WriteStartObject();
        json.WriteStartObject("range");
        json.WriteStartObject("timestamp_us");
        if (request.From is { } from)
            json.WriteNumber("gte", from);
        if (request.To is { } to)
            json.WriteNumber("lt", to);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, IReadOnlyList<TextClause> clauses)
    {
        json.WriteStartObject();
        json.WriteStartObject("simple_query_string");
        json.WriteString("query", string.Join(' ', clauses.Select(clause => clause.IsPrefix ? clause.Words + "*" : $"\"{clause.Words}\"")));
        json.WriteStartArray("fields");
        json.WriteStringValue("text");
        json.WriteEndArray();
        json.WriteString("default_operator", "and");
        json.WriteString("flags", "PHRASE|PREFIX|WHITESPACE");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Descending(Utf8JsonWriter json, string field, string type)
    {
        json.WriteStartObject();
        json.WriteStartObject(field);
        json.WriteString("order", "desc");
        json.WriteString("unmapped_type", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
