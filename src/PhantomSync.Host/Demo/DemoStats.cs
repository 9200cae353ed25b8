namespace PhantomSync.Host.Demo;

/// <summary>What a running demo has counted so far, in this process.</summary>
internal sealed record DemoStats
{
    public required DateTimeOffset At { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>Null with a broker of one's own.</summary>
    public required int? BrokerProcessId { get; init; }

    /// <summary>Events that the simulation has committed.</summary>
    public required long Published { get; init; }

    /// <summary>Records read from Kafka by the ledger, duplicates among them.</summary>
    public required long Delivered { get; init; }

    /// <summary>Events applied by the ledger.</summary>
    public required long Handled { get; init; }

    /// <summary>Records that the inboxes of all services dropped.</summary>
    public required long DuplicatesDropped { get; init; }

    /// <summary>Batches tried again, by all services.</summary>
    public required long Retries { get; init; }

    /// <summary>Records put into the dead letters by all services.</summary>
    public required long DeadLetters { get; init; }
}
