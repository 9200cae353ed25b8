using System.Buffers;

namespace PhantomSync.Contracts.Catalogue;

/// <summary>What a Kafka topic may be called.</summary>
internal static class TopicName
{
    public const string Expected = "1 to 249 letters, digits, dots, hyphens and underscores";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static bool IsSound(string? topic) =>
        topic is { Length: > 0 and <= 249 } and not ("." or "..") && topic.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}
