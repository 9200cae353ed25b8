using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Benchmarks.Servers;

/// <summary>The events of all workloads: about 500 bytes of JSON each.</summary>
internal static class Events
{
    private static readonly JsonElement[] Features = [.. Enumerable.Range(0, 16).Select(i => JsonElement.Parse($$"""{"age":{{20 + i}},"amount":{{i * 13.75 + 4.5}}}"""))];
    private static readonly JsonElement[] Predictions = [.. Enumerable.Range(0, 16).Select(i => JsonElement.Parse($$"""{"fraud":{{(i % 3 == 0 ? "true" : "false")}}}"""))];

    /// <summary>The event of that number. Its metadata is left for the publisher to fill in.</summary>
    public static InferenceCompleted Number(int number) => new()
    {
        InferenceId = $"inf-{number}",
        ModelId = $"model-{number % 50}",
        Version = "1.4.2",
        TenantId = $"tenant-{number % 10}",
        InputFeatures = Features[number & 15],
        Prediction = Predictions[number & 15],
        Confidence = 0.5 + (number % 500 / 1000.0),
        InferenceTimeMs = (ulong)(number % 97),
        RequestedBy = "checkout",
    };
}
