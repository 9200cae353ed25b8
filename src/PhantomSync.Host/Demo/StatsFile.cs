using System.Text.Json;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Demo;

/// <summary>Appends a demo's counters to a file, one JSON object per line, so that they outlive a process that is killed. One process at a time writes to it.</summary>
internal sealed class StatsFile : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;
    private readonly Func<DemoStats> _count;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private StatsFile(FileStream file, Func<DemoStats> count, TimeProvider time)
    {
        _file = file;
        _count = count;
        _running = RunAsync(time);
    }

    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static StatsFile Open(string path, Func<DemoStats> count, TimeProvider time)
    {
        try
        {
            return new StatsFile(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0), count, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--stats {path}: the file cannot be written ({exception.Message}).", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Append();
        await _file.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(TimeProvider time)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, _stop.Token);
                Append();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>In one write, so that a kill leaves a line or none.</summary>
    private void Append()
    {
        try
        {
            _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(_count(), DemoJson.Default.DemoStats), (byte)'\n']);
        }
        catch (IOException)
        {
            // A full disk must not end the demo that it is meant to observe; the next line says it all again.
        }
    }
}
