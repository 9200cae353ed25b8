using PhantomSync.EntityFrameworkCore;
using PhantomSync.Sagas.Queries;

namespace PhantomSync.Host.Sagas;

/// <summary>One instance in JSON.</summary>
internal sealed record SagaReport(SagaLine Saga, IReadOnlyDictionary<string, string> Facts, IReadOnlyList<ScheduledTimeout> Timeouts, IReadOnlyList<SagaTransition> History)
{
    public static SagaReport Of(SagaDetails saga) => new(SagaLine.Of(saga.Summary), new Dictionary<string, string>(saga.Facts, StringComparer.Ordinal), saga.Timeouts, saga.History);
}
