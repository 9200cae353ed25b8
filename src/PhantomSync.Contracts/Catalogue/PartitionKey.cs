using System.Text;

namespace PhantomSync.Contracts;

/// <summary>Keys of Kafka records. Records with the same key keep their order.</summary>
public static class PartitionKey
{
    /// <summary>
    /// The parts joined with <c>:</c>, such as <c>tenant:model</c>. A <c>%</c> or <c>:</c> inside a part is
    /// percent-encoded, so that different parts never give the same key.
    /// </summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        if (parts.IsEmpty)
            throw new ArgumentException("A partition key needs at least one part: the entity whose events keep their order.", nameof(parts));
        foreach (var part in parts)
        {
            if (part.AsSpan().IndexOfAny('%', ':') >= 0)
                return Escape(parts);
        }
        return string.Join(':', parts);
    }

    private static string Escape(ReadOnlySpan<string> parts)
    {
        var key = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
                key.Append(':');
            key.Append(parts[i].Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal));
        }
        return key.ToString();
    }
}
