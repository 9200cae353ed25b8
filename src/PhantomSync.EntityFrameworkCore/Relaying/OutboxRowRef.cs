using System.Runtime.InteropServices;

namespace PhantomSync.EntityFrameworkCore.Relaying;

/// <summary>Enough of a row to delete it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutboxRowRef(long Position, Guid Id, short Lane);
