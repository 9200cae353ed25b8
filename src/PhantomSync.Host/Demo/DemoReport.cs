using System.Text.Json.Serialization;

namespace PhantomSync.Host.Demo;

/// <summary>What a demo came to. Counts are of this run; <see cref="Lost"/>, <see cref="AppliedTwice"/> and <see cref="OutOfOrder"/> of all runs on the same data.</summary>
internal sealed record DemoReport
{
    /// <summary>Events committed in this run, by the platform and by the registry.</summary>
    public required long Published { get; init; }

    /// <summary>Records read from Kafka by the ledger, duplicates among them.</summary>
    public required long Delivered { get; init; }

    /// <summary>Events applied by the ledger.</summary>
    public required long Handled { get; init; }

    public required long VersionsCreated { get; init; }

    /// <summary>Records that the inboxes of all services dropped.</summary>
    public required long DuplicatesDropped { get; init; }

    public required long Lost { get; init; }

    public required long AppliedTwice { get; init; }

    public required long OutOfOrder { get; init; }

    public required DelayFigures DelayMs { get; init; }

    public required double ElapsedS { get; init; }

    [JsonIgnore]
    public bool IsSound => Lost == 0 && AppliedTwice == 0 && OutOfOrder == 0;

    internal sealed record DelayFigures(double P50, double P99);
}
