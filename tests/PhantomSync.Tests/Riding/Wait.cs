using System.Diagnostics;

namespace PhantomSync.Tests.Riding;

/// <summary>Waits for a condition that must be asked for, with a deadline.</summary>
internal static class Wait
{
    public static async Task ForAsync(Func<Task<bool>> condition, Func<Task<string>> what, double seconds = 90)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException($"Within {seconds} s it did not come about that {await what()}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static Task ForAsync(Func<Task<bool>> condition, string what, double seconds = 90) => ForAsync(condition, () => Task.FromResult(what), seconds);
}
