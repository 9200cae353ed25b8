using PhantomSync.Tests.DeadLetters;

namespace PhantomSync.Tests.Journeys;

public sealed class SqliteJourneyTests : JourneyContract
{
    protected override Task<Workshop> OpenAsync() => Workshop.SqliteAsync();
}
