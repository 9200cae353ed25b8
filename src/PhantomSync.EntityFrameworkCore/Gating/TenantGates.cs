using System.Diagnostics.CodeAnalysis;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>The gates of this process, by the context that they guard.</summary>
internal sealed class TenantGates(IEnumerable<TenantGate> gates)
{
    private readonly Dictionary<Type, TenantGate> _gates = gates.ToDictionary(gate => gate.ContextType);

    public bool TryGet(Type contextType, [NotNullWhen(true)] out TenantGate? gate) => _gates.TryGetValue(contextType, out gate);
}
