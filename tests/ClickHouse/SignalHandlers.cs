using System.Runtime.InteropServices;

namespace PhantomSync.Tests.Analytics.ClickHouse;

/// <summary>Keeps the runtime's signal handlers over a call into a library that puts its own, or none, in their place.</summary>
internal sealed unsafe partial class SignalHandlers : IDisposable
{
    /// <summary>More than a <c>struct sigaction</c> has on any Linux.</summary>
    private const int Size = 256;

    /// <summary>SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGTSTP, SIGSYS.</summary>
    private static readonly int[] Signals = [4, 5, 6, 7, 8, 11, 20, 31];

    private readonly byte[][] _kept = [.. Signals.Select(_ => new byte[Size])];

    public SignalHandlers()
    {
        for (var i = 0; i < Signals.Length; i++)
        {
            fixed (byte* kept = _kept[i])
                Check(SigAction(Signals[i], null, kept));
        }
    }

    public void Dispose()
    {
        for (var i = 0; i < Signals.Length; i++)
        {
            fixed (byte* kept = _kept[i])
                Check(SigAction(Signals[i], kept, null));
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new InvalidOperationException("sigaction failed.");
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SigAction(int signal, byte* set, byte* kept);
}
