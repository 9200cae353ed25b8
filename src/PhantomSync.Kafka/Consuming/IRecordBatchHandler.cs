namespace PhantomSync.Kafka.Consuming;

/// <summary>Handles what was read from one partition. Returns when every record is handled or safely put away.</summary>
internal interface IRecordBatchHandler
{
    /// <param name="records">In the order of their offsets.</param>
    /// <param name="turn">The partition's place among those handled at a time; given to others while there is only waiting to do.</param>
    /// <param name="cancellationToken">The partition is being given up.</param>
    /// <exception cref="OperationCanceledException">The partition is being given up; the records will be delivered again.</exception>
    Task HandleAsync(IReadOnlyList<IncomingRecord> records, PartitionTurn turn, CancellationToken cancellationToken);
}
