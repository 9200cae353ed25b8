namespace PhantomSync.Host.Verbs;

/// <summary>What a verb does to what the platform keeps, and so what it leaves in the audit trail.</summary>
internal enum VerbEffect
{
    /// <summary>It neither changes nor shows what is kept of tenants.</summary>
    None,

    /// <summary>It only looks, and not into the audit trail.</summary>
    Reads,

    /// <summary>It shows something of the audit trail; that is an entry.</summary>
    ReadsAudit,

    /// <summary>It changes something on an operator's behalf; that is an entry, with who and why.</summary>
    Changes,

    /// <summary>It runs services. Of itself it changes nothing; what they do are events, and each of those is an entry.</summary>
    Runs,
}
