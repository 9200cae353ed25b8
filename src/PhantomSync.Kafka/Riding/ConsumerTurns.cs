namespace PhantomSync.Kafka.Riding;

/// <summary>
/// Lets the consumers of one message run one after the other. MassTransit starts them all at once, and here they share a scope:
/// its context, its connection and its transaction bear one user at a time. Each has its turn also after another has failed, for
/// that one may be tried again and succeed. Thread-safe.
/// </summary>
internal sealed class ConsumerTurns
{
    private Task _last = Task.CompletedTask;

    public async Task TakeAsync(Func<Task> consume)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Interlocked.Exchange(ref _last, turn.Task);
        try
        {
            await consume();
        }
        finally
        {
            turn.SetResult();
        }
    }
}
