using System.Runtime.InteropServices;

namespace PhantomSync.Analytics;

/// <summary>What a slice adds up to, whatever the order of its rows.</summary>
/// <param name="Rows">How many there are, each counted once.</param>
/// <param name="Checksum">The sum, modulo 2^64, of the first eight bytes of each row's SHA-256.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SliceSum(long Rows, ulong Checksum);
