using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PhantomSync.Kafka.Embedded;

/// <summary>How a process is started that runs <see cref="BrokerServer"/>.</summary>
internal static class BrokerCommand
{
    /// <summary>The hidden verb of the executable that becomes a broker.</summary>
    public const string Verb = "broker";

    private const string HostName = "PhantomSync.Host";

    /// <summary>Set in the child: a program that forgets the verb would start itself for ever.</summary>
    private const string ChildMark = "PHANTOMSYNC_BROKER_PROCESS";

    public static bool IsChild => Environment.GetEnvironmentVariable(ChildMark) is not null;

    /// <summary>
    /// Runs this program again with the verb: the host itself, however it was started, or, from any other program such as a test
    /// run, the host beside it; failing that, the program, which must then hand the verb to <see cref="BrokerServer"/>.
    /// </summary>
    public static ProcessStartInfo Default()
    {
        var entry = Assembly.GetEntryAssembly();
        var hostBeside = Path.Combine(AppContext.BaseDirectory, HostName + ".dll");
        if (entry?.GetName().Name != HostName && File.Exists(hostBeside))
            return Command(DotNet(), hostBeside);

        var self = Environment.ProcessPath ?? throw new PlatformNotSupportedException("This platform does not say which program runs, so the embedded broker needs its command spelled out.");
        return IsDotNet(self) && entry is { Location.Length: > 0 } ? Command(self, entry.Location) : Command(self);
    }

    /// <summary>Adds what every broker process gets: pipes to its parent, and a small runtime.</summary>
    public static ProcessStartInfo Prepare(ProcessStartInfo command, int? port)
    {
        if (port is not null)
        {
            command.ArgumentList.Add("--port");
            command.ArgumentList.Add($"{port}");
        }

        command.UseShellExecute = false;
        command.CreateNoWindow = true;
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        command.Environment[ChildMark] = "1";
        command.Environment["DOTNET_gcServer"] = "0";
        command.Environment["DOTNET_gcConcurrent"] = "0";
        command.Environment["DOTNET_TieredPGO"] = "0";
        return command;
    }

    private static ProcessStartInfo Command(string program, string? assembly = null)
    {
        var command = new ProcessStartInfo(program);
        if (assembly is not null)
            command.ArgumentList.Add(assembly);
        command.ArgumentList.Add(Verb);
        return command;
    }

    private static bool IsDotNet(string program) => Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);

    private static string DotNet()
    {
        if (Environment.ProcessPath is { } self && IsDotNet(self))
            return self;
        var beside = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(beside) ? Path.GetFullPath(beside) : "dotnet";
    }
}
