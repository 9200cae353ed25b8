namespace PhantomSync.EntityFrameworkCore.Inbox;

/// <summary>What the inbox needs of a message.</summary>
/// <param name="Key">See <see cref="InboxKey"/>.</param>
/// <param name="Fingerprint">Of its content without the metadata: the same event sent twice has the same one.</param>
/// <param name="PartitionKeyHash">Of topic and partition key; 0 where there is no key.</param>
internal readonly record struct InboxEntry(Guid Key, long Fingerprint, long PartitionKeyHash);
