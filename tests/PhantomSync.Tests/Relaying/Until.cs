using System.Diagnostics;

namespace PhantomSync.Tests.Relaying;

/// <summary>Waits for a condition instead of sleeping.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<bool> condition, int seconds = 60) => TrueAsync(() => Task.FromResult(condition()), seconds);

    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds = 60, Action? meanwhile = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException($"The condition did not hold within {seconds} s.");
            meanwhile?.Invoke();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
