using System.Runtime.InteropServices;

namespace PhantomSync.Audit.Sealing;

/// <summary>How far the sealer is behind the writers: the window in which a change would go unnoticed.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SealingLag(long Entries, TimeSpan Age);
