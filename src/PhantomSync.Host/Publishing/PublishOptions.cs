using PhantomSync.EntityFrameworkCore.Auditing;

namespace PhantomSync.Host.Publishing;

/// <param name="File">The input; <c>-</c> for standard input.</param>
/// <param name="Json">Whether the result is one JSON object on standard output.</param>
/// <param name="By">Who publishes them.</param>
internal sealed record PublishOptions(string File, bool Json, Operator By)
{
    public const string StandardInput = "-";
}
