using PhantomSync.Analytics;

namespace PhantomSync.Host.Analytics;

/// <summary>The receipt in JSON.</summary>
internal sealed record EraseReport(
    string Id, string TenantId, string? UserId, string Before, string ErasedAt, string ErasedBy, string Reason, IReadOnlyDictionary<string, long> Rows)
{
    public static EraseReport Of(ErasureReceipt receipt) => new(
        receipt.Erasure.Id.ToString(), receipt.Erasure.TenantId, receipt.Erasure.UserId, Contracts.Timestamp.From(receipt.Erasure.Before).ToString(),
        Contracts.Timestamp.From(receipt.Erasure.ErasedAt).ToString(), receipt.Erasure.By, receipt.Erasure.Reason, receipt.Rows);
}
