namespace PhantomSync.Audit.Sealing;

/// <summary>The newest sealed entry of a tenant.</summary>
internal sealed record ChainEnd(string TenantId, long Sequence, byte[] Hash);
