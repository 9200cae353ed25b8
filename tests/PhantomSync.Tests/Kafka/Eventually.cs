using System.Diagnostics;

namespace PhantomSync.Tests.Kafka;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    public static async Task Holds(Func<bool> condition, string what, double seconds = 60)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException($"Within {seconds} s it did not come about that {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
