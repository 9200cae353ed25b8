namespace PhantomSync.Kafka.Riding;

/// <summary>
/// Lets the consumers of one message run one after the other. MassTransit starts them all at once, and here they share a scope:
/// its context, its connection and its transaction bear one user at a time. After a failure those who still wait do not run, for
/// nothing of the message will be kept. Thread-safe.
/// </summary>
internal sealed class ConsumerTurns
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    public Task TakeAsync(Func<Task> consume)
    {
        lock (_lock)
            return _last = AfterAsync(_last, consume);
    }

    private static async Task AfterAsync(Task before, Func<Task> consume)
    {
        if (!before.IsCompleted)
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (before.IsCompletedSuccessfully)
            await consume();
    }
}
