using PhantomSync.Benchmarks.Servers;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>A benchmark that lost or doubled an event has measured nothing.</summary>
internal static class Audit
{
    public static void Equal(string what, long expected, long found)
    {
        if (expected != found)
            throw new InvalidOperationException($"{what}: {found:N0} instead of {expected:N0}. The run does not count.");
    }

    /// <summary>Every event is in the topic once, and none is left in the outbox.</summary>
    public static async Task SentAsync(Stage stage, string outbox, int events)
    {
        Equal("records in the topic", events, stage.RecordsInTopic());
        Equal($"rows left in {outbox}", 0, await stage.CountAsync($"SELECT count(*) FROM {outbox}"));
    }

    /// <summary>Every event was applied once.</summary>
    public static async Task AppliedAsync(Stage stage, string inbox, int events, int remembered = 0)
    {
        Equal("events applied", events, await stage.CountAsync("SELECT count(*) FROM effect"));
        Equal("applications", events, await stage.CountAsync("SELECT coalesce(sum(seen), 0)::bigint FROM effect"));
        Equal($"entries in {inbox}", events + remembered, await stage.CountAsync($"SELECT count(*) FROM {inbox}"));
    }
}
