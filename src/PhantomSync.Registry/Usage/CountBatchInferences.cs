using MassTransit;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Registry.Usage;

/// <summary>A served batch counts as many predictions as it holds.</summary>
public sealed class CountBatchInferences(RegistryDbContext registry) : IConsumer<Batch<BatchInferenceCompleted>>
{
    public Task Consume(ConsumeContext<Batch<BatchInferenceCompleted>> context) =>
        UsageStore.For(registry).AddAsync(Tally(context.Message.Select(message => message.Message)), context.Partition(), context.CancellationToken);

    internal static Dictionary<UsageKey, UsageTally> Tally(IEnumerable<BatchInferenceCompleted> batches)
    {
        var tallies = new Dictionary<UsageKey, UsageTally>();
        foreach (var batch in batches)
        {
            var key = new UsageKey(batch.TenantId, batch.ModelId, batch.Version);
            if (!tallies.TryGetValue(key, out var tally))
                tallies.Add(key, tally = new UsageTally());
            tally.Add(batch);
        }

        return tallies;
    }
}
