using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Tenants;

/// <summary>What an event means for a tenant's suspension.</summary>
internal static class CascadeRules
{
    /// <param name="terms">Those of a suspension that the event begins.</param>
    public static CascadeDecision Decide(TenantSuspensionState tenant, ISyncEvent e, DateTimeOffset now, TenantSuspensionOptions options, TrainingTerms terms)
    {
        var status = tenant.Status;
        return (e, status) switch
        {
            (TenantSuspended suspended, CascadeStatus.Initial or CascadeStatus.Active or CascadeStatus.Resuming) => Suspend(tenant, suspended, options, terms),
            (TenantUpdated updated, CascadeStatus.Suspending or CascadeStatus.Suspended) when CascadePosition.Resumes(updated) => Resume(tenant, updated, options),
            (TenantCascadeStepDone done, CascadeStatus.Suspending or CascadeStatus.Resuming) => Answer(tenant, status, done, now, options),
            (CascadeReplyOverdue overdue, CascadeStatus.Suspending or CascadeStatus.Resuming) => AskAgain(tenant, status, overdue, options),
            _ => CascadeDecision.Stay(status),
        };
    }

    /// <summary>How long to wait for answers that have been asked for so often: twice as long each time.</summary>
    public static TimeSpan PauseAfter(long asked, TenantSuspensionOptions options)
    {
        var pause = options.ReplyWithin * Math.Pow(2, Math.Min(asked - 1, 30));
        return pause < options.LongestPause ? pause : options.LongestPause;
    }

    public static IReadOnlyDictionary<string, ServiceAnswer> AnswersOf(TenantSuspensionState tenant) =>
        JsonSerializer.Deserialize(tenant.Answers, SagaJson.Default.DictionaryStringServiceAnswer) ?? [];

    public static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static CascadeDecision Suspend(TenantSuspensionState tenant, TenantSuspended suspended, TenantSuspensionOptions options, TrainingTerms terms)
    {
        tenant.TenantId = suspended.TenantId;
        tenant.Suspension++;
        (tenant.Reason, tenant.SuspendedBy, tenant.SuspendedAt) = (suspended.SuspensionReason, suspended.SuspendedBy, suspended.SyncMetadata.OccurredAt.ToDateTimeOffset());
        (tenant.Tier, tenant.TrainingPolicy) = (terms.Tier, terms.Policy);
        (tenant.ResumedBy, tenant.ResumedAt) = (null, null);
        return Begin(tenant, CascadeStatus.Suspending, CascadeAction.Suspend, options);
    }

    private static CascadeDecision Resume(TenantSuspensionState tenant, TenantUpdated updated, TenantSuspensionOptions options)
    {
        (tenant.ResumedBy, tenant.ResumedAt) = (updated.UpdatedBy, updated.SyncMetadata.OccurredAt.ToDateTimeOffset());
        return Begin(tenant, CascadeStatus.Resuming, CascadeAction.Resume, options);
    }

    private static CascadeDecision Begin(TenantSuspensionState tenant, CascadeStatus status, string action, TenantSuspensionOptions options)
    {
        (tenant.CompletedAt, tenant.Answers, tenant.Overdue) = (null, "{}", "");
        return AskStep(tenant, status, action, 0, options);
    }

    private static CascadeDecision AskStep(TenantSuspensionState tenant, CascadeStatus status, string action, int phase, TenantSuspensionOptions options)
    {
        (tenant.Phase, tenant.Asked) = (phase, 0);
        tenant.Missing = string.Join(',', CascadeCommands.Step(action, phase)!);
        return new CascadeDecision(status, Ask(tenant, action), PauseAfter(1, options));
    }

    private static List<ISyncEvent> Ask(TenantSuspensionState tenant, string action)
    {
        tenant.Asked++;
        tenant.Round++;
        return [.. Names(tenant.Missing).Select(service => CascadeCommands.Of(service, action, tenant, (uint)tenant.Suspension, (uint)tenant.Asked))];
    }

    /// <summary>Answers to an earlier suspension, to the other half, or given before do not count.</summary>
    private static CascadeDecision Answer(TenantSuspensionState tenant, CascadeStatus status, TenantCascadeStepDone done, DateTimeOffset now, TenantSuspensionOptions options)
    {
        var missing = Names(tenant.Missing);
        if (done.Suspension != tenant.Suspension || done.Action != tenant.Action || !missing.Contains(done.Service))
            return CascadeDecision.Stay(status);
        var answers = new Dictionary<string, ServiceAnswer>(AnswersOf(tenant), StringComparer.Ordinal) { [done.Service] = new(done.Outcome, done.Affected, done.Details) };
        tenant.Answers = JsonSerializer.Serialize(answers, SagaJson.Default.DictionaryStringServiceAnswer);
        tenant.Missing = string.Join(',', missing.Where(service => service != done.Service));
        tenant.Overdue = string.Join(',', Names(tenant.Overdue).Where(service => service != done.Service));
        if (tenant.Missing.Length > 0)
            return CascadeDecision.Stay(status);
        if (CascadeCommands.Step(done.Action, tenant.Phase + 1) is not null)
            return AskStep(tenant, status, done.Action, tenant.Phase + 1, options);
        tenant.CompletedAt = now;
        return done.Action == CascadeAction.Suspend
            ? new(CascadeStatus.Suspended, [new TenantSuspensionCompleted { TenantId = tenant.TenantId, Suspension = done.Suspension }], null)
            : new(CascadeStatus.Active, [new TenantResumed { TenantId = tenant.TenantId, Suspension = done.Suspension }], null);
    }

    private static CascadeDecision AskAgain(TenantSuspensionState tenant, CascadeStatus status, CascadeReplyOverdue overdue, TenantSuspensionOptions options)
    {
        if (overdue.Suspension != tenant.Suspension || overdue.Action != tenant.Action || overdue.Attempt != tenant.Round)
            return CascadeDecision.Stay(status);
        var say = new List<ISyncEvent>();
        if (tenant.Asked >= options.FlagAfter)
        {
            foreach (var service in Names(tenant.Missing).Except(Names(tenant.Overdue)))
                say.Add(new TenantCascadeOverdue { TenantId = tenant.TenantId, Suspension = overdue.Suspension, Action = overdue.Action, Service = service, Attempts = (uint)tenant.Asked });
            tenant.Overdue = tenant.Missing;
        }

        say.AddRange(Ask(tenant, overdue.Action));
        return new CascadeDecision(status, say, PauseAfter(tenant.Asked, options));
    }
}
