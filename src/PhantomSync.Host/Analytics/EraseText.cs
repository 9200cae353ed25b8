using PhantomSync.Analytics;
using PhantomSync.Host.DeadLetters;

namespace PhantomSync.Host.Analytics;

/// <summary>The receipt, for people.</summary>
internal static class EraseText
{
    public static void Write(TextWriter to, ErasureReceipt receipt)
    {
        var erasure = receipt.Erasure;
        to.WriteLine($"Erasure {erasure.Id} at {Coverage.Text(erasure.ErasedAt)} by {LetterText.Clean(erasure.By)}");
        to.WriteLine(erasure.UserId is null
            ? $"tenant  {LetterText.Clean(erasure.TenantId)}, all rows"
            : $"tenant  {LetterText.Clean(erasure.TenantId)}, the name of user {LetterText.Clean(erasure.UserId)}");
        to.WriteLine($"reason  {LetterText.Clean(erasure.Reason)}");
        foreach (var (table, rows) in receipt.Rows)
            to.WriteLine($"{table,-24} {rows,14:N0} rows {(erasure.UserId is null ? "deleted" : "overwritten")}");
        if (receipt.Rows.Count == 0)
            to.WriteLine("There were no such rows.");
        to.WriteLine($"What happened before {Contracts.Timestamp.From(erasure.Before)} is not recorded again, whoever sends it. This receipt is kept in the table 'erasures'.");
    }
}
