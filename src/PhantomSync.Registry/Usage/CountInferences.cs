using MassTransit;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Registry.Usage;

/// <summary>Every prediction counts towards its model version, a micro-batch at a time.</summary>
public sealed class CountInferences(RegistryDbContext registry) : IConsumer<Batch<InferenceCompleted>>
{
    public Task Consume(ConsumeContext<Batch<InferenceCompleted>> context) =>
        UsageStore.For(registry).AddAsync(Tally(context.Message.Select(message => message.Message)), context.Partition(), context.CancellationToken);

    internal static Dictionary<UsageKey, UsageTally> Tally(IEnumerable<InferenceCompleted> inferences)
    {
        var tallies = new Dictionary<UsageKey, UsageTally>();
        foreach (var inference in inferences)
        {
            var key = new UsageKey(inference.TenantId, inference.ModelId, inference.Version);
            if (!tallies.TryGetValue(key, out var tally))
                tallies.Add(key, tally = new UsageTally());
            tally.Add(inference);
        }

        return tallies;
    }
}
