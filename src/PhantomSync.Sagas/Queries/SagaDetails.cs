using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Sagas.Queries;

/// <summary>All that is known of a saga's instance.</summary>
/// <param name="Summary">What the list shows.</param>
/// <param name="Facts">What it tracks, by name, in the order of telling; what is not known is left out.</param>
/// <param name="History">The events that led there, the first first.</param>
/// <param name="Timeouts">What it has reminded itself of.</param>
public sealed record SagaDetails(
    SagaSummary Summary, IReadOnlyList<KeyValuePair<string, string>> Facts, IReadOnlyList<SagaTransition> History, IReadOnlyList<ScheduledTimeout> Timeouts);
