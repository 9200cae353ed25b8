using System.Text.Json;

namespace PhantomSync.Conflicts.Queueing;

/// <summary>What a person decides: one of <see cref="Choose"/>, <see cref="Merge"/>, <see cref="Values"/>.</summary>
public sealed record ManualResolution
{
    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>Why; it is kept and audited.</summary>
    public required string Reason { get; init; }

    /// <summary>The change whose values count, by its id or the end of it.</summary>
    public string? Choose { get; init; }

    /// <summary>For each field in dispute the change whose value counts.</summary>
    public IReadOnlyDictionary<string, string>? Merge { get; init; }

    /// <summary>For each field in dispute its value.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Values { get; init; }
}
