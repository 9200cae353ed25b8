using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PhantomSync.Tests;

/// <summary>Waits for a condition that must be asked for, with a deadline.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <param name="condition">Asked until it holds.</param>
    /// <param name="what">What is waited for, to be said when it did not come about.</param>
    /// <param name="seconds">How long it may take on a machine that has much else to do.</param>
    /// <exception cref="TimeoutException">It did not come about.</exception>
    public static Task ForAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", double seconds = 90) =>
        ForAsync(() => Task.FromResult(condition()), what, seconds);

    /// <inheritdoc cref="ForAsync(Func{bool}, string, double)"/>
    public static Task ForAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "", double seconds = 90) =>
        ForAsync(condition, () => Task.FromResult(what), seconds);

    /// <inheritdoc cref="ForAsync(Func{bool}, string, double)"/>
    public static async Task ForAsync(Func<Task<bool>> condition, Func<Task<string>> what, double seconds = 90)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed.TotalSeconds > seconds)
                throw new TimeoutException($"Within {seconds} s it did not come about that {await what()}.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
