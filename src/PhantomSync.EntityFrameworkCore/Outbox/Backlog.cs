using System.Runtime.InteropServices;

namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>How much waits in an outbox.</summary>
/// <param name="Pending">Rows in the queue; an estimate above 10,000.</param>
/// <param name="Held">Rows that wait by their strategy or schedule, counted up to 10,000.</param>
/// <param name="OldestReady">How long the oldest ready row has been waiting.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Backlog(long Pending, long Held, TimeSpan OldestReady);
