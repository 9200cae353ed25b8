namespace PhantomSync.Workloads;

/// <summary>What works for a tenant in effect.</summary>
/// <param name="Jobs">The training jobs that run.</param>
/// <param name="Models">The models that answer.</param>
/// <param name="Agents">The executions that run.</param>
/// <param name="MayTrain">Whether training jobs may start.</param>
public sealed record WorkloadsView(IReadOnlyList<string> Jobs, IReadOnlyList<string> Models, IReadOnlyList<string> Agents, bool MayTrain);
