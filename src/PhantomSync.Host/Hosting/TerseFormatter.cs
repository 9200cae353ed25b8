using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace PhantomSync.Host.Hosting;

/// <summary>A line per entry: what happened and why. Stack traces only with <c>--log Debug</c>.</summary>
internal sealed class TerseFormatter(IOptionsMonitor<TerseFormatterOptions> options) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "terse";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = $"{Level(logEntry.LogLevel)} {logEntry.Category.AsSpan(logEntry.Category.LastIndexOf('.') + 1)}: {logEntry.Formatter(logEntry.State, logEntry.Exception)}";
        textWriter.WriteLine(logEntry.Exception switch
        {
            null => text,
            var exception when options.CurrentValue.WithStackTraces => $"{text}{Environment.NewLine}{exception}",
            var exception => $"{text} Reason: {exception.GetBaseException().Message.ReplaceLineEndings(" ")}",
        });
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "info",
        _ => "debug",
    };
}
