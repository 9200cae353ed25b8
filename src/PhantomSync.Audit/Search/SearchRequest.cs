namespace PhantomSync.Audit.Search;

/// <summary>A query that has been checked and taken apart.</summary>
/// <param name="Fields">Column or field, and the value it must have.</param>
/// <param name="FindsNothing">It has a text without a single word.</param>
internal sealed record SearchRequest(
    string TenantId, IReadOnlyList<TextClause> Clauses, IReadOnlyList<(string Name, string Value)> Fields, long? From, long? To, int PageSize, AuditCursor? After, bool FindsNothing)
{
    /// <exception cref="ArgumentException">The query is not valid; the text says what to change.</exception>
    public static SearchRequest Of(AuditQuery query)
    {
        if (string.IsNullOrWhiteSpace(query.TenantId))
            throw new ArgumentException("A search needs a tenant: it never goes over all of them.", nameof(query));
        if (query.PageSize is < 1 or > AuditQuery.LargestPage)
            throw new ArgumentException($"A page has 1 to {AuditQuery.LargestPage} entries, not {query.PageSize}.", nameof(query));
        if (query.Text?.Length > AuditQuery.LongestText)
            throw new ArgumentException($"The text to search for has {query.Text.Length} characters; at most {AuditQuery.LongestText} are allowed.", nameof(query));
        var clauses = query.Text is null ? [] : AuditText.Clauses(query.Text);
        (string Name, string? Value)[] fields =
        [
            ("user_id", query.UserId), ("action", query.Action), ("resource_type", query.ResourceType), ("resource_id", query.ResourceId),
            ("result", query.Result), ("correlation_id", query.CorrelationId?.ToString()),
        ];
        return new SearchRequest(
            query.TenantId,
            clauses,
            [.. fields.Where(field => field.Value is not null).Select(field => (field.Name, field.Value!))],
            query.From?.UnixMicroseconds,
            query.To?.UnixMicroseconds,
            query.PageSize,
            query.After is null ? null : AuditCursor.Parse(query.After),
            clauses.Count == 0 && !string.IsNullOrWhiteSpace(query.Text));
    }
}
