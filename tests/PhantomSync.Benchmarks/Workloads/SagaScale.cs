using MassTransit;
using PhantomSync.Benchmarks.Servers;
using Spectre.Console;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>
/// Whether an event of a saga costs the same however many instances are stored, and in either mode. The first events are left
/// out: with them each connection of a new host touches the pages of the indexes for the first time, which costs it a page fault each.
/// </summary>
internal sealed class SagaScale(TestServers servers, IAnsiConsole console, bool quick)
{
    public const string Name = "saga_scale";

    private const int Rounds = 3;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var events = quick ? 12_000 : 20_000;
        await CostAsync(4_000, 0, ConcurrencyMode.Pessimistic, cancellationToken);
        var table = new Table().RoundedBorder().AddColumns("stored instances", "mode", "cost: median (range)");
        (int Stored, ConcurrencyMode Mode)[] cases =
            [(10_000, ConcurrencyMode.Pessimistic), (1_000_000, ConcurrencyMode.Pessimistic), (10_000, ConcurrencyMode.Optimistic), (1_000_000, ConcurrencyMode.Optimistic)];
        var costs = cases.ToDictionary(one => one, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var one in cases)
                costs[one].Add(await CostAsync(events, one.Stored, one.Mode, cancellationToken));
        }

        foreach (var (stored, mode) in cases)
        {
            var found = costs[(stored, mode)];
            table.AddRow($"{stored:N0}", mode.ToString(), $"{Running.Result.Median(found):F1} µs per event ({found.Min():F1}–{found.Max():F1})");
        }

        console.Write(table);
    }

    private async Task<double> CostAsync(int events, int stored, ConcurrencyMode mode, CancellationToken cancellationToken)
    {
        await using var stage = await servers.SetStageAsync(cancellationToken);
        var measure = await Saga.OursAsync(stage, events, skipped: 3 * events, stored, mode, cancellationToken);
        return measure.Elapsed.TotalMicroseconds / measure.Events;
    }
}
