using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.DeadLetters;

public sealed class PostgresDeadLetterTests(PostgresServer server) : DeadLetterContract
{
    protected override Task<Workshop> OpenAsync() => Workshop.PostgresAsync(server);
}
