using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;

namespace PhantomSync.Benchmarks.Workloads;

/// <summary>What this process and PostgreSQL have used. Unlike the time of day, it hardly depends on the neighbours; what is allocated, not at all.</summary>
/// <param name="Process">Of this process, with the Kafka clients in it.</param>
/// <param name="Postgres">Of all of the cluster's processes; zero where that is not ours or the system does not tell.</param>
/// <param name="Collecting">How long the collector has kept this process's threads standing.</param>
/// <param name="Compiling">How long this process's compiler has worked.</param>
/// <param name="Allocated">Bytes of managed memory.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Cost(TimeSpan Process, TimeSpan Postgres, TimeSpan Collecting, TimeSpan Compiling, long Allocated)
{
    private const int TicksPerSecond = 100;

    /// <summary>The process id of the cluster's first process.</summary>
    public static int? Postmaster { get; set; }

    public static Cost Now()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new Cost(
            process.TotalProcessorTime,
            Postmaster is { } id ? TimeSpan.FromSeconds((double)ClusterTicks(id) / TicksPerSecond) : default,
            GC.GetTotalPauseDuration(),
            JitInfo.GetCompilationTime(),
            GC.GetTotalAllocatedBytes());
    }

    public static Cost operator -(Cost later, Cost earlier) => new(
        later.Process - earlier.Process,
        later.Postgres - earlier.Postgres,
        later.Collecting - earlier.Collecting,
        later.Compiling - earlier.Compiling,
        later.Allocated - earlier.Allocated);

    /// <summary>Its own, that of the children it has buried, and that of the living.</summary>
    private static long ClusterTicks(int postmaster)
    {
        var children = $"/proc/{postmaster}/task/{postmaster}/children";
        return File.Exists(children)
            ? Ticks(postmaster, 13, 4) + File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(child => Ticks(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture), 13, 2))
            : 0;
    }

    /// <summary>Fields of <c>/proc/…/stat</c>, counted from 0: 13 and 14 user and system time, 15 and 16 those of buried children.</summary>
    private static long Ticks(int process, int first, int count)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields.Skip(first - 2).Take(count).Sum(field => long.Parse(field, System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile; its parent has its time now, or will.
            return 0;
        }
    }
}
