using System.Collections.Concurrent;
using System.Diagnostics;
using PhantomSync.Kafka.Embedded;

namespace PhantomSync.Tests.EndToEnd;

/// <summary>The host as a user starts it: a process of its own, with what it writes.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>What the shell calls a process that was ended by SIGKILL.</summary>
    public const int Killed = 137;

    private const string Mark = "PHANTOM_TEST_PROCESS";

    private readonly Process _process;
    private readonly string _words;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly string _mark;

    private HostProcess(Process process, string words, string mark)
    {
        (_process, _words, _mark) = (process, words, mark);
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <summary>All that it wrote, for a failure's message.</summary>
    public string Story => $"{_words}\n--- standard output\n{Output}\n--- standard error\n{Errors}";

    /// <param name="arguments">The verb and its options.</param>
    /// <param name="failPoints">What PHANTOM_FP arms.</param>
    public static HostProcess Start(IEnumerable<string> arguments, string? failPoints = null)
    {
        // How the library starts the host as a broker is how it is started as anything else.
        var start = BrokerCommand.Default();
        start.ArgumentList.Remove(BrokerCommand.Verb);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var mark = Guid.NewGuid().ToString();
        start.Environment[Mark] = mark;
        start.Environment["PHANTOM_FP"] = failPoints ?? "";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new HostProcess(Process.Start(start)!, $"{string.Join(' ', start.ArgumentList.Skip(1))} (PHANTOM_FP={failPoints})", mark);
    }

    /// <summary>A line to its standard input.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ends its standard input.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Waits until a line with these words is written, to either stream.</summary>
    public async Task<string> SaysAsync(string words, double seconds = 90)
    {
        string? Line() => _output.Concat(_errors).FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal));
        try
        {
            await Wait.ForAsync(() => _process.HasExited || Line() is not null, $"it says '{words}'", seconds);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} {Story}", exception);
        }

        return Line() ?? throw new InvalidOperationException($"It ended with {_process.ExitCode} and did not say '{words}': {Story}");
    }

    /// <summary>SIGKILL, to this process alone.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to end, as a service manager does.</summary>
    public void Terminate() => Signals.Send(_process.Id, Signals.Terminate);

    /// <returns>Its exit code.</returns>
    public async Task<int> ExitsAsync(double seconds)
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"Still runs after {seconds} s: {Story}", exception);
        }

        return _process.ExitCode;
    }

    /// <summary>Its broker is gone too, and whatever else it may have started.</summary>
    public async Task LeavesNobodyAsync()
    {
        if (OperatingSystem.IsLinux())
            await Wait.ForAsync(() => !Descendants().Any(), $"nothing is left of: {_words}");
    }

    /// <summary>It and the processes that it started, those that outlived it among them.</summary>
    public IEnumerable<int> Descendants()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && EnvironmentOf(id).Contains($"{Mark}={_mark}", StringComparison.Ordinal))
                yield return id;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string EnvironmentOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }
}
