using System.Text.Json.Serialization;
using PhantomSync.Contracts.Wire;

namespace PhantomSync.Contracts;

/// <summary>An upper bound: a number, or none. On the wire a number or <c>"unlimited"</c>. The default is zero.</summary>
[JsonConverter(typeof(QuotaConverter))]
public readonly record struct Quota
{
    private Quota(ulong limit, bool isUnlimited) => (Limit, IsUnlimited) = (limit, isUnlimited);

    /// <summary>No upper bound.</summary>
    public static Quota Unlimited { get; } = new(0, isUnlimited: true);

    /// <summary>Whether there is no upper bound.</summary>
    public bool IsUnlimited { get; }

    /// <summary>The upper bound, inclusive; meaningless when <see cref="IsUnlimited"/>.</summary>
    public ulong Limit { get; }

    /// <summary>At most that many.</summary>
    public static Quota Of(ulong limit) => new(limit, isUnlimited: false);

    /// <summary>Whether an amount stays within the bound.</summary>
    public bool Allows(ulong amount) => IsUnlimited || amount <= Limit;

    /// <inheritdoc/>
    public override string ToString() => IsUnlimited ? "unlimited" : Limit.ToString();

    /// <summary>At most that many.</summary>
    public static implicit operator Quota(ulong limit) => Of(limit);
}
