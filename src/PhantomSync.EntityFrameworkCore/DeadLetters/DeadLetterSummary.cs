namespace PhantomSync.EntityFrameworkCore.DeadLetters;

/// <summary>A dead letter as a list shows it.</summary>
public sealed record DeadLetterSummary
{
    public required Guid Id { get; init; }

    /// <summary>The consumer group that could not handle it; <see cref="DeadLetterBox.Relay"/> where Kafka did not take it.</summary>
    public required string Source { get; init; }

    public required string Topic { get; init; }

    public required int? Partition { get; init; }

    public required long? Offset { get; init; }

    public required string? Key { get; init; }

    public required string? EventType { get; init; }

    public required string? EventId { get; init; }

    public required string? TenantId { get; init; }

    public required string? IdempotencyKey { get; init; }

    public required string Reason { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset FirstFailedAt { get; init; }

    public required DateTimeOffset LastFailedAt { get; init; }

    public required DeadLetterState State { get; init; }

    /// <summary>Later events of its key wait behind it.</summary>
    public required bool Blocks { get; init; }

    /// <summary>It is not at fault: it waits behind an earlier letter of its key, and goes with that one.</summary>
    public required bool Parked { get; init; }

    public bool IsRequested => State is DeadLetterState.ReplayRequested or DeadLetterState.DiscardRequested;
}
