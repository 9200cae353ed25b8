using System.Collections.Concurrent;
using PhantomSync.Kafka.Producing;

namespace PhantomSync.Tests.Kafka;

/// <summary>Keeps every report by token, so that none and two are both seen.</summary>
internal sealed class Reports : IDeliveryReceiver
{
    private readonly ConcurrentQueue<(int Token, Delivery Delivery, int Thread)> _all = new();

    public int Count => _all.Count;

    public void Delivered(int token, in Delivery delivery) => _all.Enqueue((token, delivery, Environment.CurrentManagedThreadId));

    public IReadOnlyList<(int Token, Delivery Delivery, int Thread)> All => [.. _all];

    public async Task<Delivery> Of(int token)
    {
        await Wait.ForAsync(() => _all.Any(report => report.Token == token), $"record {token} is reported");
        return _all.Single(report => report.Token == token).Delivery;
    }

    /// <summary>Every token from 0 was reported once, and only once.</summary>
    public async Task AreComplete(int count, double seconds = 90, bool atLeast = false)
    {
        await Wait.ForAsync(() => _all.Count >= count, $"{count} records are reported", seconds);
        if (atLeast)
            return;
        _all.Select(static report => report.Token).Order().ShouldBe(Enumerable.Range(0, count));
    }
}
