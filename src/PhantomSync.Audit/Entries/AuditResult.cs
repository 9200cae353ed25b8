namespace PhantomSync.Audit.Entries;

/// <summary>How an audited deed ended, where the platform itself says so. What other services report is kept as they say it.</summary>
public static class AuditResult
{
    public const string Success = nameof(Success);

    public const string Failure = nameof(Failure);
}
