using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PhantomSync.Tests.Riding;

/// <summary>Keeps the last lines of the log for the message of a test that fails.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    public static readonly TestLog Instance = new();

    private readonly ConcurrentQueue<string> _lines = new();

    public string Tail => string.Join(" | ", _lines.TakeLast(8));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue($"{formatter(state, exception)} {exception?.Message}");
        while (_lines.Count > 50)
            _lines.TryDequeue(out _);
    }

    public void Dispose()
    {
    }
}
