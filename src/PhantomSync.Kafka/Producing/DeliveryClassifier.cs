using Confluent.Kafka;

namespace PhantomSync.Kafka.Producing;

/// <summary>What a delivery report, or a refusal before one, means for the record.</summary>
internal static class DeliveryClassifier
{
    public static Delivery Classify(Error error, PersistenceStatus status, int partition, long offset)
    {
        if (!error.IsError)
        {
            // librdkafka infers some acknowledgements from later ones, which a broker that does not check sequence numbers
            // makes wrong; those come without an offset.
            return offset >= 0 ? Delivery.Stored(partition, offset) : Delivery.Failed(DeliveryOutcome.Unknown, "acknowledged without an offset");
        }

        return Delivery.Failed(Outcome(error, status), error.Reason is { Length: > 0 } reason ? reason : error.Code.ToString());
    }

    private static DeliveryOutcome Outcome(Error error, PersistenceStatus status) => error.Code switch
    {
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.PolicyViolation or ErrorCode.InvalidRecord or ErrorCode.InvalidTimestamp
            or ErrorCode.TopicException or ErrorCode.Local_InvalidArg => DeliveryOutcome.Refused,

        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed
            or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication => DeliveryOutcome.Denied,

        // The broker answered, and what it answered says that it did not take the record.
        ErrorCode.InvalidRequiredAcks or ErrorCode.FencedLeaderEpoch or ErrorCode.ThrottlingQuotaExceeded or ErrorCode.Local_UnknownTopic
            or ErrorCode.Local_UnknownPartition or ErrorCode.Local_QueueFull or ErrorCode.Local_PurgeQueue => DeliveryOutcome.Retriable,

        // librdkafka calls some of these not persisted; who sends again anyway loses nothing by not believing it.
        ErrorCode.Local_MsgTimedOut or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.NetworkException
            or ErrorCode.InvalidProducerEpoch or ErrorCode.Unknown => DeliveryOutcome.Unknown,

        _ => status == PersistenceStatus.NotPersisted && !error.IsFatal ? DeliveryOutcome.Retriable : DeliveryOutcome.Unknown,
    };
}
