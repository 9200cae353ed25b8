using PhantomSync.Tests.DeadLetters;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Journeys;

public sealed class PostgresJourneyTests(PostgresServer server) : JourneyContract
{
    protected override Task<Workshop> OpenAsync() => Workshop.PostgresAsync(server);
}
