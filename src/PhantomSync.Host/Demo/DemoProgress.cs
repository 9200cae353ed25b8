using PhantomSync.Kafka.Consuming;
using Spectre.Console;

namespace PhantomSync.Host.Demo;

/// <summary>Runs the simulation and shows how far publishing and handling have got, until all that was committed when it ended is applied.</summary>
internal static class DemoProgress
{
    /// <returns>False where nothing moved for <paramref name="patience"/>.</returns>
    public static Task<bool> ShowAsync(IAnsiConsole console, IServiceProvider services, Simulation simulation, int events, TimeSpan patience, CancellationToken cancellationToken)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var failures = services.GetRequiredService<FailureClassifier>();
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var publishing = progress.AddTask("published", maxValue: Math.Max(1, events));
                var handling = progress.AddTask("handled", maxValue: Math.Max(1, events));
                var running = simulation.RunAsync(cancellationToken);
                var (lastApplied, movedAt, goal) = (-1L, time.GetTimestamp(), -1L);
                while (true)
                {
                    var done = running.IsCompleted;
                    var (committed, applied) = (goal, lastApplied);
                    try
                    {
                        (committed, applied) = await Verdict.ProgressAsync(services, cancellationToken);
                    }
                    catch (Exception exception) when (!cancellationToken.IsCancellationRequested && failures.IsTransient(exception))
                    {
                        // The database is away. The next look tells.
                    }

                    publishing.Value = simulation.Published;
                    handling.MaxValue = Math.Max(Math.Max(1, done ? 0 : events), committed);
                    handling.Value = done && committed == 0 ? 1 : Math.Max(0, applied);
                    if (done && goal < 0)
                        goal = committed;
                    if (done && goal >= 0 && applied >= goal)
                        break;
                    if (applied != lastApplied || !done)
                        (lastApplied, movedAt) = (applied, time.GetTimestamp());
                    else if (time.GetElapsedTime(movedAt) > patience)
                        break;
                    await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken), done ? Task.Delay(Timeout.Infinite, cancellationToken) : running);
                }

                publishing.Value = publishing.MaxValue;
                await running;
                return time.GetElapsedTime(movedAt) <= patience;
            });
    }
}
