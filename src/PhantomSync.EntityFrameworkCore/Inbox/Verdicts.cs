using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>Turns what the store found into what to do.</summary>
internal static class Verdicts
{
    /// <param name="entries">The batch, in order.</param>
    /// <param name="known">Keys that stood in the inbox before this transaction, and their fingerprints.</param>
    /// <param name="blocked">Partition-key hashes with a letter waiting.</param>
    public static InboxVerdict[] Of(InboxEntry[] entries, Dictionary<Guid, long> known, HashSet<long> blocked)
    {
        var verdicts = new InboxVerdict[entries.Length];
        Dictionary<Guid, long>? inBatch = entries.Length > 1 ? new(entries.Length) : null;
        for (var i = 0; i < entries.Length; i++)
        {
            var (key, fingerprint, hash) = entries[i];
            if (known.TryGetValue(key, out var before) || (inBatch is not null && !inBatch.TryAdd(key, fingerprint) && inBatch.TryGetValue(key, out before)))
                verdicts[i] = before == fingerprint ? InboxVerdict.Duplicate : InboxVerdict.KeyReused;
            else if (hash != 0 && blocked.Contains(hash))
                verdicts[i] = InboxVerdict.Parked;
        }

        return verdicts;
    }
}
