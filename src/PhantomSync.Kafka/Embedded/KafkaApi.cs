namespace PhantomSync.Kafka.Embedded;

/// <summary>Kinds of request in Kafka's protocol, by their number there.</summary>
internal enum KafkaApi : short
{
    Produce = 0,
    Fetch = 1,
    ListOffsets = 2,
    Metadata = 3,
    OffsetCommit = 8,
    OffsetFetch = 9,
    FindCoordinator = 10,
    JoinGroup = 11,
    Heartbeat = 12,
    LeaveGroup = 13,
    SyncGroup = 14,
    InitProducerId = 22,
    OffsetForLeaderEpoch = 23,
    ConsumerGroupHeartbeat = 68,
}
