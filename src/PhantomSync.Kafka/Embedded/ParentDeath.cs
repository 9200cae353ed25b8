using System.Runtime.InteropServices;

namespace PhantomSync.Kafka.Embedded;

/// <summary>Ends this process when the one that started it has died, and not when that one is merely asked to stop.</summary>
internal static partial class ParentDeath
{
    private const int PrSetPDeathSig = 1;
    private const int SigHup = 1;

    /// <summary>
    /// The end of standard input says the same, on every system; this is the second line on Linux. The kernel means by "parent"
    /// the thread that forked, which in .NET may be one of the pool's and end at any time, so the signal is a question only:
    /// the answer is whether another process has become our parent.
    /// </summary>
    public static IDisposable Watch()
    {
        // Ctrl+C reaches the whole foreground group, a service manager's stop often all processes: the broker must outlive the
        // draining of its parent, which closes our input when it is done.
        var signals = new List<PosixSignalRegistration>
        {
            PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = Console.IsInputRedirected),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = Console.IsInputRedirected),
        };
        if (OperatingSystem.IsLinux())
        {
            var parent = GetParentId();
            signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                if (GetParentId() != parent)
                    Environment.Exit(0);
            }));
            _ = PrCtl(PrSetPDeathSig, SigHup, 0, 0, 0);
        }

        return new Registrations(signals);
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int PrCtl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();

    private sealed class Registrations(List<PosixSignalRegistration> signals) : IDisposable
    {
        public void Dispose() => signals.ForEach(static signal => signal.Dispose());
    }
}
