using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.Sagas.Training;

public sealed class PostgresTrainingTests(PostgresServer server) : TrainingContract
{
    private protected override Task<PlatformStore> OpenAsync() => PlatformStore.PostgresAsync(server);
}
