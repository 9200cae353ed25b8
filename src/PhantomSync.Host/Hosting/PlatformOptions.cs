namespace PhantomSync.Host.Hosting;

/// <summary>Where the host keeps its state and finds its broker.</summary>
/// <param name="DataDirectory">For the embedded databases.</param>
/// <param name="Postgres">A PostgreSQL connection string instead of the embedded databases.</param>
/// <param name="Kafka">Bootstrap servers instead of the embedded broker.</param>
/// <param name="BrokerPort">A fixed port for the embedded broker.</param>
/// <param name="ClickHouse">The address of a ClickHouse server for metrics; without it, DuckDB beside the embedded databases.</param>
internal sealed record PlatformOptions(string DataDirectory, string? Postgres, string? Kafka, int? BrokerPort, string? ClickHouse = null)
{
    /// <summary>Addresses of Elasticsearch, with commas between, instead of the embedded audit search.</summary>
    public string? Elasticsearch { get; init; }

    /// <summary>How conflicts are decided: <c>TYPE=STRATEGY</c>, or <c>TYPE@TENANT=STRATEGY</c>, each.</summary>
    public IReadOnlyList<string> ConflictStrategies { get; init; } = [];

    /// <summary>What becomes of the events of a tenant whose own events have not been handled.</summary>
    public UnknownTenants UnknownTenants { get; init; }

    /// <summary>What becomes of running training when its tenant is suspended: <c>POLICY</c> for all, <c>TIER=POLICY</c> for a tier.</summary>
    public IReadOnlyList<string> SuspendedTraining { get; init; } = [];

    public static string DefaultDataDirectory =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "phantomsync");
}
