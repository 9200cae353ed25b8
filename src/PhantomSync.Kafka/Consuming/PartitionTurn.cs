namespace PhantomSync.Kafka.Consuming;

/// <summary>
/// A partition's place among those that an endpoint handles at a time. A partition that waits for a store to come back gives its
/// place to the others meanwhile. Used by one task.
/// </summary>
internal sealed class PartitionTurn(SemaphoreSlim places)
{
    private bool _held;

    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        _held = true;
    }

    public void Give()
    {
        if (!_held)
            return;
        _held = false;
        places.Release();
    }

    /// <summary>Waits without a place, and takes one again.</summary>
    public async Task RestAsync(TimeSpan pause, TimeProvider time, CancellationToken cancellationToken)
    {
        Give();
        await Task.Delay(pause, time, cancellationToken);
        await TakeAsync(cancellationToken);
    }
}
