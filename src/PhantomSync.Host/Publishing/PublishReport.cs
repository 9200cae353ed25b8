using System.Text.Json.Serialization;

namespace PhantomSync.Host.Publishing;

/// <summary>What became of the lines.</summary>
internal sealed record PublishReport
{
    /// <summary>Records committed to the outbox.</summary>
    public required long Published { get; init; }

    /// <summary>Lines refused.</summary>
    public required long Bad { get; init; }

    /// <summary>Records that a service of this process had handled before and dropped: the most that any one of them did.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Records that are still in the outbox; 0 unless something kept them.</summary>
    public required long Waiting { get; init; }

    /// <summary>What the services of this process did meanwhile; empty where none runs here.</summary>
    public required IReadOnlyList<Service> Services { get; init; }

    [JsonIgnore]
    public bool IsComplete => Bad == 0 && Waiting == 0;

    internal sealed record Service(string Name, long Handled, long Duplicates, long DeadLetters);
}
