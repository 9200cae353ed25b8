using System.Security.Cryptography;
using System.Text.Json.Serialization;
using PhantomSync.Contracts;

namespace PhantomSync.Benchmarks.Servers;

/// <summary>The four events of a job, about 500 bytes of JSON each, and what its saga says to each of them.</summary>
internal static class JobEvents
{
    public const int PerJob = 4;

    private static readonly string Details = new('x', 120);

    public static IEnumerable<EventDescriptor> On(string topic) =>
    [
        EventDescriptor.Create("JobQueued", topic, Key, JobJson.Default.JobQueued),
        EventDescriptor.Create("JobStarted", topic, Key, JobJson.Default.JobStarted),
        EventDescriptor.Create("JobProgressed", topic, Key, JobJson.Default.JobProgressed),
        EventDescriptor.Create("JobDone", topic, Key, JobJson.Default.JobDone),
        EventDescriptor.Create("JobNoticed", $"{topic}.notices", Key, JobJson.Default.JobNoticed),
    ];

    /// <summary>All jobs take their first step before any takes its second: no micro-batch has two events of one instance. After their last steps come further jobs.</summary>
    public static ISyncEvent Number(int number, int jobs)
    {
        var job = (number / (jobs * PerJob) * jobs) + (number % jobs);
        var (tenant, id) = ($"tenant-{job % 10}", IdOf(job));
        return (number / jobs % PerJob) switch
        {
            0 => new JobQueued { TenantId = tenant, JobId = id, Details = Details },
            1 => new JobStarted { TenantId = tenant, JobId = id, Details = Details },
            2 => new JobProgressed { TenantId = tenant, JobId = id, Details = Details },
            _ => new JobDone { TenantId = tenant, JobId = id, Details = Details },
        };
    }

    /// <summary>Scattered over the index, as random ids are.</summary>
    public static Guid IdOf(int job) => new(SHA256.HashData(BitConverter.GetBytes(job)).AsSpan(0, 16));

    private static string Key(JobEvent e) => PartitionKey.Of(e.TenantId, e.JobId.ToString());
}

internal abstract record JobEvent : ISyncEvent
{
    public required string TenantId { get; init; }

    public required Guid JobId { get; init; }

    public required string Details { get; init; }

    public SyncMetadata SyncMetadata { get; init; } = SyncMetadata.Unset;

    public ISyncEvent WithMetadata(SyncMetadata metadata) => this with { SyncMetadata = metadata };
}

internal sealed record JobQueued : JobEvent;

internal sealed record JobStarted : JobEvent;

internal sealed record JobProgressed : JobEvent;

internal sealed record JobDone : JobEvent;

internal sealed record JobNoticed : JobEvent;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(JobQueued))]
[JsonSerializable(typeof(JobStarted))]
[JsonSerializable(typeof(JobProgressed))]
[JsonSerializable(typeof(JobDone))]
[JsonSerializable(typeof(JobNoticed))]
internal sealed partial class JobJson : JsonSerializerContext;
