using Microsoft.Extensions.Logging.Console;

namespace PhantomSync.Host.Hosting;

internal sealed class TerseFormatterOptions : ConsoleFormatterOptions
{
    /// <summary>For those who debug.</summary>
    public bool WithStackTraces { get; set; }
}
