using System.Runtime.InteropServices;
using System.Text.Json;

namespace PhantomSync.Contracts.Wire;

/// <summary>Where the two parts of a record are.</summary>
/// <param name="EventTypeStart">Where the value of <c>event_type</c> begins; -1 if there is none.</param>
/// <param name="Data">The value of <c>data</c>.</param>
/// <param name="DataKind">The kind of that value; none if there is no such member.</param>
/// <param name="ContentHash">See <see cref="ContentHash"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordParts(int EventTypeStart, Range Data, JsonTokenType DataKind, ulong ContentHash);
