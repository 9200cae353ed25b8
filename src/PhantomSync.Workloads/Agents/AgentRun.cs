namespace PhantomSync.Workloads.Agents;

/// <summary>An agent at work. Whether it may go on follows from the tenant's standing.</summary>
public sealed class AgentRun
{
    public required string TenantId { get; init; }

    public required string ExecutionId { get; init; }

    public required string AgentId { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}
