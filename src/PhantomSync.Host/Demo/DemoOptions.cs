namespace PhantomSync.Host.Demo;

/// <param name="Events">How many events the simulated platform publishes.</param>
/// <param name="Rate">Events per second; 0 as fast as it goes.</param>
/// <param name="Seed">Of the random choices: the same seed tells the same story.</param>
/// <param name="Json">Whether the result is one JSON object on standard output.</param>
/// <param name="Stats">A file that counters are appended to while the demo runs.</param>
internal sealed record DemoOptions(int Events, int Rate, int Seed, bool Json, string? Stats);
