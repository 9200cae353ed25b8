namespace PhantomSync.EntityFrameworkCore.Outbox;

/// <summary>How much to read, and of what.</summary>
/// <param name="MaxRows">The most rows.</param>
/// <param name="MaxBytes">The most bytes of bodies, headers and keys; the first row is read however large it is.</param>
/// <param name="SkipTopics">Topics that wait.</param>
/// <param name="ProbeTopics">Topics of which one row per lane is enough, to learn whether they work again.</param>
internal readonly record struct ReadRequest(int MaxRows, long MaxBytes, string[] SkipTopics, string[] ProbeTopics);
