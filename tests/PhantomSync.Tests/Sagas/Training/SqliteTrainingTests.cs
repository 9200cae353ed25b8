namespace PhantomSync.Tests.Sagas.Training;

public sealed class SqliteTrainingTests : TrainingContract
{
    private protected override Task<PlatformStore> OpenAsync() => Task.FromResult(PlatformStore.Sqlite());
}
