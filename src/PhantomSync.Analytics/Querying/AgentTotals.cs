namespace PhantomSync.Analytics;

/// <summary>The finished runs of one agent.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="Executions">How many.</param>
/// <param name="TimeMs">How long they took, in milliseconds.</param>
public sealed record AgentTotals(string AgentId, ulong Executions, Quantiles TimeMs);
