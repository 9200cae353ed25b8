namespace PhantomSync.Contracts;

/// <summary>Something that happened in one service and that others are told about.</summary>
public interface ISyncEvent
{
    /// <summary>The tenant it happened to; every id in the event is unique within it.</summary>
    string TenantId { get; }

    /// <summary>Who said it, when, and in which context; <see cref="SyncMetadata.Unset"/> until it is published.</summary>
    SyncMetadata SyncMetadata { get; }

    /// <summary>The same event with other metadata.</summary>
    ISyncEvent WithMetadata(SyncMetadata metadata);
}
