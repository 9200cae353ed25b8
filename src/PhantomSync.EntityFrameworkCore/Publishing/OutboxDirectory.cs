namespace PhantomSync.EntityFrameworkCore.Publishing;

/// <summary>The contexts of this process that have an outbox.</summary>
internal sealed class OutboxDirectory(IEnumerable<OutboxRegistration> registrations)
{
    private readonly Dictionary<Type, OutboxRegistration> _byContext = registrations.ToDictionary(registration => registration.ContextType);

    /// <summary>The context that publishers outside of consumers use.</summary>
    /// <exception cref="InvalidOperationException">Several claim to be it.</exception>
    public Type? Default { get; } = DefaultOf([.. registrations.Where(registration => registration.IsBusOutbox)]);

    public OutboxRegistration Of(Type contextType) => _byContext.TryGetValue(contextType, out var registration)
        ? registration
        : throw new InvalidOperationException($"{contextType.Name} has no outbox. Call AddEntityFrameworkOutbox<{contextType.Name}>() where the bus is configured.");

    private static Type? DefaultOf(OutboxRegistration[] claims) => claims.Length <= 1
        ? claims.FirstOrDefault()?.ContextType
        : throw new InvalidOperationException(
            $"UseBusOutbox() was called for {string.Join(" and ", claims.Select(claim => claim.ContextType.Name))}. One context takes what is published outside of consumers; others name theirs with scope.UseOutbox<TDbContext>().");
}
