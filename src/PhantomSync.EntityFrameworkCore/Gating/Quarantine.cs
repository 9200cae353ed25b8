using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.EntityFrameworkCore.Inbox;
using PhantomSync.EntityFrameworkCore.Outbox;
using PhantomSync.EntityFrameworkCore.Publishing;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Kafka.Wire;

namespace PhantomSync.EntityFrameworkCore.Gating;

/// <summary>
/// Applies the gate to what is read, in the transaction that handles it: what must wait is parked with what follows of its keys,
/// and what is for nobody any more is discarded.
/// </summary>
internal class Quarantine(TenantGate gate, DeadLetterTable letters, OutboxRegistration outbox, IWireFormat format, TimeProvider time)
{
    /// <summary>Tell these letters from those of failures. They stand in the table.</summary>
    public const string
        SuspendedReason = "Quarantined: its tenant is suspended. It is handled when the tenant is active again.",
        UnknownReason = "Quarantined: its tenant is not known here. It is handled when the tenant's own events have been.";

    private const string BehindReason = "An earlier event of its partition key is quarantined.";

    /// <summary>Why the letters of a tenant that stands so wait.</summary>
    public static string ReasonOf(Standing standing) => standing == Standing.Unknown ? UnknownReason : SuspendedReason;

    /// <summary>Turns the verdicts on what may not be handled now into <see cref="InboxVerdict.Parked"/> or <see cref="InboxVerdict.Discarded"/>.</summary>
    public async Task JudgeAsync(
        DbContext context, string group, IReadOnlyList<ReceivedMessage> messages, InboxEntry[] entries, InboxVerdict[] verdicts, CancellationToken cancellationToken)
    {
        var directory = TenantGate.HasDirectory(context);
        HashSet<string>? tenants = null;
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] == InboxVerdict.New && gate.AsksToRead(TypeOf(messages[i]), directory))
                (tenants ??= new(StringComparer.Ordinal)).Add(messages[i].Envelope.TenantId);
        }

        if (tenants is null || await gate.StandingsAsync(context, tenants, cancellationToken) is not { Count: > 0 } standings)
            return;
        var held = new HashSet<long>();
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i] != InboxVerdict.New)
                continue;
            var hash = entries[i].PartitionKeyHash;
            var behind = hash != 0 && held.Contains(hash);
            var standing = standings.GetValueOrDefault(messages[i].Envelope.TenantId);
            verdicts[i] = behind ? InboxVerdict.Parked : gate.Judge(TypeOf(messages[i]), standing);
            if (verdicts[i] == InboxVerdict.Discarded)
                Report(context, messages[i], GateAudit.Discarded(group, messages[i].Envelope.TenantId, messages[i].Content.Type.Name, messages[i].Envelope.MessageId, time.GetUtcNow()));
            if (verdicts[i] != InboxVerdict.Parked)
                continue;
            held.Add(hash);
            await HoldAsync(context, group, messages[i], hash, behind ? BehindReason : ReasonOf(standing), behind, cancellationToken);
        }
    }

    /// <summary>What becomes of a letter that is about to be handled after all.</summary>
    /// <returns>The verdict and, where the letter must wait on, why.</returns>
    public async Task<(InboxVerdict Verdict, string Reason)> JudgeAsync(DbContext context, DeadLetterSummary letter, ReceivedMessage message, CancellationToken cancellationToken)
    {
        var (type, tenant) = (TypeOf(message), message.Envelope.TenantId);
        if (!gate.AsksToRead(type, TenantGate.HasDirectory(context)))
            return (InboxVerdict.New, "");
        var standing = (await gate.StandingsAsync(context, [tenant], cancellationToken)).GetValueOrDefault(tenant);
        var verdict = gate.Judge(type, standing);
        var (name, id, now) = (message.Content.Type.Name, message.Envelope.MessageId, time.GetUtcNow());
        if (verdict == InboxVerdict.Discarded)
            Report(context, message, GateAudit.Discarded(letter.Source, tenant, name, id, now));
        else if (verdict == InboxVerdict.Parked && letter.Reason is not (SuspendedReason or UnknownReason))
            Report(context, message, GateAudit.HeldAgain(letter.Source, tenant, name, id, letter.Attempts, now));
        return (verdict, ReasonOf(standing));
    }

    private static Type TypeOf(ReceivedMessage message) => message.Content.Type.MessageType;

    private async Task HoldAsync(DbContext context, string group, ReceivedMessage message, long hash, string reason, bool behind, CancellationToken cancellationToken)
    {
        var (type, envelope) = (message.Content.Type.Name, message.Envelope);
        var letter = new DeadLetter(group, message.Record, type, envelope, reason, null, 0, BlocksKey: true);
        await letters.AddAsync(context, letter, hash, parked: behind, cancellationToken, copied: false);
        if (!behind)
            Report(context, message, GateAudit.Quarantined(group, envelope.TenantId, type, envelope.MessageId, time.GetUtcNow()));
    }

    private void Report(DbContext context, ReceivedMessage message, AuditLogCreated entry)
    {
        if (format.TryGet(typeof(AuditLogCreated), out _))
            OutboxRows.Add(context, entry, message.Envelope, outbox, format, time);
    }
}

/// <summary>That of one context, as services ask for it.</summary>
internal sealed class Quarantine<TDbContext>(TenantGate gate, DeadLetterTable letters, OutboxRegistration outbox, IWireFormat format, TimeProvider time)
    : Quarantine(gate, letters, outbox, format, time)
    where TDbContext : DbContext;
