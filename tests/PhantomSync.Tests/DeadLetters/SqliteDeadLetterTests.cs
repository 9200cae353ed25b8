namespace PhantomSync.Tests.DeadLetters;

public sealed class SqliteDeadLetterTests : DeadLetterContract
{
    protected override Task<Workshop> OpenAsync() => Workshop.SqliteAsync();
}
