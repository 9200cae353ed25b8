using System.Text.Json;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Conflicts;

/// <summary>What <c>conflicts resolve</c> was told.</summary>
internal sealed record ResolveWords(string? Choose, string? Merge, string? Value, string By, string Reason)
{
    /// <param name="fields">Those in dispute.</param>
    /// <exception cref="UserErrorException">It is not one decision.</exception>
    public ManualResolution Read(IReadOnlyList<string> fields)
    {
        if (Operator.FaultOf(By) is { } fault)
            throw new UserErrorException($"--by: {fault}");
        if (string.IsNullOrWhiteSpace(Reason))
            throw new UserErrorException("--reason is empty. Say why it is decided like this; it is audited.");
        if (new[] { Choose, Merge, Value }.Count(given => given is not null) != 1)
            throw new UserErrorException("Give one of --choose CHANGE, --merge FIELD=CHANGE,… and --value JSON.");
        return new ManualResolution
        {
            By = By,
            Reason = Reason,
            Choose = Choose,
            Merge = Merge is null ? null : ReadMerge(Merge),
            Values = Value is null ? null : ReadValue(Value, fields),
        };
    }

    private static Dictionary<string, string> ReadMerge(string text)
    {
        var merge = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.LastIndexOf('=');
            if (equals <= 0 || equals == part.Length - 1)
                throw new UserErrorException($"--merge: '{part}' is not FIELD=CHANGE. Write name=CHANGE,status=CHANGE for instance.");
            if (!merge.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
                throw new UserErrorException($"--merge: '{part[..equals].Trim()}' is given twice.");
        }

        return merge;
    }

    private static Dictionary<string, JsonElement> ReadValue(string text, IReadOnlyList<string> fields)
    {
        JsonElement value;
        try
        {
            value = JsonElement.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"--value: this is not JSON ({exception.Message}). Write '{{\"{fields[0]}\":\"x\"}}' for instance; a bare text needs its quotation marks.", exception);
        }

        var names = value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(member => member.Name).ToArray() : [];
        return fields.Count == 1 && !names.SequenceEqual(fields, StringComparer.Ordinal)
            ? new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [fields[0]] = value }
            : value.ValueKind == JsonValueKind.Object
                ? value.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal)
                : throw new UserErrorException($"--value: {fields.Count} fields are in dispute ({string.Join(", ", fields)}). Write an object with a value for each.");
    }
}
