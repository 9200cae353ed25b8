using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>Parks a suspended tenant's work, and what follows of its keys, in the transaction of the micro-batch.</summary>
internal sealed class Quarantine(TenantGate gate, DeadLetterTable letters, OutboxRegistration outbox, IWireFormat format, TimeProvider time)
{
    /// <summary>Tells these letters from those of failures. It stands in the table.</summary>
    public const string Reason = "Quarantined: its tenant is suspended. It is handled when the tenant is active again.";

    private const string BehindReason = "An earlier event of its partition key is quarantined.";

    /// <summary>Turns the verdicts on what may not be handled now into <see cref="InboxVerdict.Parked"/>.</summary>
    public async Task HoldAsync(
        DbContext context, string group, IReadOnlyList<ReceivedMessage> messages, InboxEntry[] entries, InboxVerdict[] verdicts, CancellationToken cancellationToken)
    {
        HashSet<string>? tenants = null;
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] == InboxVerdict.New && IsWork(messages[i]))
                (tenants ??= new(StringComparer.Ordinal)).Add(messages[i].Envelope.TenantId);
        }

        if (tenants is null || await gate.SuspendedAsync(context, tenants, cancellationToken) is not { Count: > 0 } suspended)
            return;
        var held = new HashSet<long>();
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] != InboxVerdict.New)
                continue;
            var hash = entries[i].PartitionKeyHash;
            var behind = hash != 0 && held.Contains(hash);
            if (!behind && !(IsWork(messages[i]) && suspended.Contains(messages[i].Envelope.TenantId)))
                continue;
            verdicts[i] = InboxVerdict.Parked;
            held.Add(hash);
            await HoldAsync(context, group, messages[i], hash, behind, cancellationToken);
        }
    }

    private async Task HoldAsync(DbContext context, string group, ReceivedMessage message, long hash, bool behind, CancellationToken cancellationToken)
    {
        var (type, envelope) = (message.Content.Type.Name, message.Envelope);
        var letter = new DeadLetter(group, message.Record, type, envelope, behind ? BehindReason : Reason, null, 0, BlocksKey: true);
        await letters.AddAsync(context, letter, hash, parked: behind, cancellationToken, copied: false);
        if (!behind && format.TryGet(typeof(AuditLogCreated), out _))
            OutboxRows.Add(context, GateAudit.Quarantined(group, envelope.TenantId, type, envelope.MessageId, time.GetUtcNow()), envelope, outbox, format, time);
    }

    private bool IsWork(ReceivedMessage message) => gate.Quarantines(message.Content.Type.MessageType);
}
