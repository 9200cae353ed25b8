using System.Globalization;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Upgrading;
using PhantomSync.Kafka.Consuming;
using PhantomSync.Registry;
using PhantomSync.Registry.Models;
using PhantomSync.Registry.Versions;
using PhantomSync.Sagas;
using PhantomSync.Sagas.Tenants;
using PhantomSync.Tests.Registry;
using PhantomSync.Tests.Riding;

namespace PhantomSync.Tests.Upgrading;

/// <summary>The registry's tables from empty, from the release before, and from worse. S13.18.</summary>
[Trait("row", "S13.18"), Trait("row", "S17.15")]
public abstract class UpgradeContract : IAsyncLifetime
{
    protected LedgerStore Store { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Schema => Store.IsPostgres ? "registry." : "";

    public async ValueTask InitializeAsync() => Store = await CreateStoreAsync();

    public ValueTask DisposeAsync()
    {
        Store?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task From_empty_the_tables_are_what_the_release_before_upgrades_to()
    {
        await UpgradeAsync();
        var fromEmpty = await FoundAsync();
        await ExecuteAsync(Store.IsPostgres ? "DROP SCHEMA registry CASCADE" : string.Concat(fromEmpty.Keys.Select(table => $"DROP TABLE {table};")));

        await ReleaseAsync();
        await UpgradeAsync();
        (await FoundAsync()).ShouldBe(fromEmpty);
    }

    [Fact]
    public async Task Where_nothing_is_missing_nothing_is_changed()
    {
        await ReleaseAsync();
        await UpgradeAsync();
        await WithoutChangesAsync(UpgradeAsync);
    }

    [Fact]
    public async Task What_an_older_release_lacks_is_added_and_its_rows_are_kept()
    {
        await ReleaseAsync();
        await UpgradeAsync();
        var whole = await FoundAsync();
        await using (var registry = Open())
        {
            registry.Models.Add(new RegisteredModel { TenantId = "acme", ModelId = "churn", Name = "Churn", LatestVersion = 3, OwnStatus = ModelStatus.Disabled });
            registry.Versions.Add(AVersion(3));
            await registry.SaveChangesAsync(Cancel);
        }

        await ExecuteAsync(
            $"DROP INDEX {Schema}one_in_production",
            $"DROP INDEX {Schema}\"IX_model_versions_tenant_id_job_id\"",
            $"DROP TABLE {Schema}tenants",
            $"DROP TABLE {Schema}conflicts");
        foreach (var column in (string[])["artifacts_location", "training_duration_ms", "created_at", "announced_by", "stage", "stage_step"])
            await ExecuteAsync($"ALTER TABLE {Schema}model_versions DROP COLUMN {column}");
        foreach (var column in (string[])["own_status", "last_changed_at", "latest_version"])
            await ExecuteAsync($"ALTER TABLE {Schema}models DROP COLUMN {column}");

        await UpgradeAsync();

        (await FoundAsync()).ShouldBe(whole);
        await using var upgraded = Open();
        var model = await upgraded.Models.SingleAsync(Cancel);
        (model.Name, model.OwnStatus, model.LastChangedAt, model.LatestVersion).ShouldBe(("Churn", default, null, 0));
        var version = await upgraded.Versions.SingleAsync(Cancel);
        (version.Number, version.JobId, version.ArtifactsLocation, version.TrainingDurationMs).ShouldBe((3, "job-3", "", 0ul));
        (version.CreatedAt, version.AnnouncedBy, version.Stage, version.StageStep).ShouldBe((default, Guid.Empty, default, 0));
        (await upgraded.Tenants.CountAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task The_release_before_goes_on_writing_after_the_upgrade()
    {
        await ReleaseAsync();
        await UpgradeAsync();
        await ExecuteAsync($"ALTER TABLE {Schema}models DROP COLUMN latest_version");
        await UpgradeAsync();

        await ExecuteAsync($"INSERT INTO {Schema}models (tenant_id, model_id, own_status) VALUES ('acme', 'old', 'active')");
        await using var registry = Open();
        (await registry.Models.SingleAsync(Cancel)).LatestVersion.ShouldBe(0);
    }

    [Fact]
    public async Task Hosts_that_upgrade_at_once_upgrade_once()
    {
        await ReleaseAsync();
        await ExecuteAsync($"ALTER TABLE {Schema}models DROP COLUMN latest_version", $"DROP TABLE {Schema}tenants", $"DROP INDEX {Schema}one_in_production");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(UpgradeAsync, Cancel)));
        await using var registry = Open();
        (await new SchemaUpgrade(registry).FirstMissingAsync(Cancel)).ShouldBeNull();
        await WithoutChangesAsync(UpgradeAsync);
    }

    [Theory]
    [InlineData("latest_version integer", "latest_version text", "Column {0}models.latest_version is of type text, expected integer.")]
    [InlineData("latest_version integer NOT NULL", "latest_version integer", "Column {0}models.latest_version is nullable, expected NOT NULL.")]
    [InlineData("created_as text,", "created_as text NOT NULL,", "Column {0}models.created_as is NOT NULL, expected nullable.")]
    [InlineData("PRIMARY KEY (tenant_id, model_id)", "PRIMARY KEY (model_id, tenant_id)", "The primary key of {0}models is (model_id, tenant_id), expected (tenant_id, model_id).")]
    [InlineData("UNIQUE INDEX one_in_production", "INDEX one_in_production", "Index one_in_production of {0}model_versions is not unique on (tenant_id, model_id), expected unique on (tenant_id, model_id).")]
    [InlineData("(tenant_id, job_id)", "(job_id)", "Index IX_model_versions_tenant_id_job_id of {0}model_versions is unique on (job_id), expected unique on (tenant_id, job_id).")]
    [InlineData("latest_version integer", "origin text NOT NULL, latest_version integer", "Column {0}models.origin is NOT NULL, has no default and is not known to this release, which therefore cannot insert a row.")]
    [InlineData("recorded text NOT NULL,", "", "Column {0}conflict_histories.recorded (text) is missing and required, and nothing says what the rows that are there hold in it. Give the property HasDefaultValue or HasDefaultValueSql.")]
    public async Task What_adding_cannot_mend_is_refused_by_name_and_nothing_is_changed(string there, string instead, string complaint)
    {
        var script = RegistryReleases.Latest(Store.IsPostgres);
        if (!Store.IsPostgres)
            script = script.Replace("\"", "", StringComparison.Ordinal).Replace("NOT NULL", "REQUIRED", StringComparison.Ordinal).Replace(" NULL", "", StringComparison.Ordinal).Replace("REQUIRED", "NOT NULL", StringComparison.Ordinal);
        script.ShouldContain(there, Case.Insensitive);
        await ExecuteAsync(script.Replace(there, instead, StringComparison.OrdinalIgnoreCase), $"DROP TABLE {Schema}tenants");
        var before = await FoundAsync();

        var refusal = await Should.ThrowAsync<SchemaMismatchException>(UpgradeAsync);

        refusal.Message.ShouldBe(
            $"The tables of RegistryDbContext do not fit this release, and nothing was changed. {complaint.Replace("{0}", Schema, StringComparison.Ordinal)} Change them by hand or with a migration.",
            StringCompareShould.IgnoreCase);
        (await FoundAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_later_release_s_tables_are_left_alone_and_serve()
    {
        await ReleaseAsync();
        await ExecuteAsync(
            $"ALTER TABLE {Schema}models ADD COLUMN region text",
            $"ALTER TABLE {Schema}models ADD COLUMN weight integer NOT NULL DEFAULT 7",
            $"CREATE TABLE {Schema}model_cards (id integer PRIMARY KEY)",
            $"CREATE INDEX by_region ON {Schema}models (region)");
        await UpgradeAsync();
        await using (var registry = Open())
        {
            registry.Models.Add(new RegisteredModel { TenantId = "acme", ModelId = "churn" });
            await registry.SaveChangesAsync(Cancel);
        }

        (await ScalarAsync($"SELECT weight FROM {Schema}models")).ShouldBe(7);
        (await ScalarAsync($"SELECT count(*) FROM {Schema}model_cards")).ShouldBe(0);
    }

    [Fact]
    public async Task An_index_that_the_rows_contradict_is_refused_with_its_statement()
    {
        await ReleaseAsync();
        await ExecuteAsync($"DROP INDEX {Schema}\"IX_model_versions_tenant_id_job_id\"", $"DROP TABLE {Schema}tenants");
        await using (var registry = Open())
        {
            registry.Versions.AddRange(AVersion(1, "job"), AVersion(2, "job"));
            await registry.SaveChangesAsync(Cancel);
        }

        var refusal = await Should.ThrowAsync<SchemaMismatchException>(UpgradeAsync);
        refusal.Message.ShouldStartWith("The tables of RegistryDbContext cannot be upgraded, and nothing was changed.");
        refusal.Message.ShouldContain("The statement was: CREATE UNIQUE INDEX \"IX_model_versions_tenant_id_job_id\"");
        await using var after = Open();
        (await new SchemaUpgrade(after).FirstMissingAsync(Cancel)).ShouldBe($"Table {Schema}tenants");
    }

    [Fact]
    public async Task The_service_waits_for_the_upgrade()
    {
        await ReleaseAsync();
        await ExecuteAsync($"ALTER TABLE {Schema}models DROP COLUMN latest_version");
        await using var services = Service();

        var waits = await Should.ThrowAsync<TransientFailureException>(() => services.OutboxReadyAsync<RegistryDbContext>(Cancel));
        waits.Message.ShouldBe($"Column {Schema}models.latest_version of RegistryDbContext does not exist yet. Upgrade its tables with EnsureTablesAsync or Migrate.");
        await UpgradeAsync();
        await services.OutboxReadyAsync<RegistryDbContext>(Cancel);
    }

    [Fact]
    public async Task The_service_waits_for_whoever_upgrades_in_its_process_and_does_not_begin_where_that_is_refused()
    {
        await ReleaseAsync();
        var upgrade = new TaskCompletionSource();
        await using var services = Service(bus => bus.AddSingleton(new TableUpgrade(typeof(RegistryDbContext), upgrade.Task)));
        const string NotYet = "The tables of RegistryDbContext are not made or upgraded yet.";
        (await Should.ThrowAsync<TransientFailureException>(() => services.OutboxReadyAsync<RegistryDbContext>(Cancel))).Message.ShouldBe(NotYet);
        upgrade.SetException(new SchemaMismatchException());
        (await Should.ThrowAsync<TransientFailureException>(() => services.OutboxReadyAsync<RegistryDbContext>(Cancel))).Message.ShouldBe(NotYet);
    }

    [Fact, Trait("row", "S13.15")]
    public async Task A_suspension_from_before_there_were_policies_has_cancelled_what_ran()
    {
        var table = Store.IsPostgres ? "sagas.tenant_suspension" : "tenant_suspension";
        await using (var before = OpenSagas())
        {
            await before.EnsureTablesAsync(Cancel);
            before.Suspensions.Add(new TenantSuspensionState { CorrelationId = Guid.NewGuid(), TenantId = "acme", CurrentState = nameof(CascadeStatus.Suspended), TrainingPolicy = TrainingPolicy.Pause });
            await before.SaveChangesAsync(Cancel);
        }

        await ExecuteAsync($"ALTER TABLE {table} DROP COLUMN training_policy");
        await using (var upgrading = OpenSagas())
            await upgrading.EnsureTablesAsync(Cancel);

        await using var sagas = OpenSagas();
        (await sagas.Suspensions.SingleAsync(Cancel)).TrainingPolicy.ShouldBe(TrainingPolicy.Cancel);
        sagas.Suspensions.Add(new TenantSuspensionState { CorrelationId = Guid.NewGuid(), TenantId = "globex", TrainingPolicy = TrainingPolicy.Finish });
        await sagas.SaveChangesAsync(Cancel);
        (await sagas.Suspensions.AsNoTracking().SingleAsync(suspension => suspension.TenantId == "globex", Cancel)).TrainingPolicy.ShouldBe(TrainingPolicy.Finish);
    }

    protected abstract Task<LedgerStore> CreateStoreAsync();

    /// <summary>Fails where the act makes or changes anything of the schema, though it ends the same.</summary>
    protected abstract Task WithoutChangesAsync(Func<Task> act);

    protected RegistryDbContext Open()
    {
        var options = new DbContextOptionsBuilder<RegistryDbContext>();
        Store.Use(options);
        return new RegistryDbContext(options.Options);
    }

    private SagasDbContext OpenSagas()
    {
        var options = new DbContextOptionsBuilder<SagasDbContext>();
        Store.Use(options);
        return new SagasDbContext(options.Options);
    }

    protected async Task UpgradeAsync()
    {
        await using var registry = Open();
        await registry.EnsureTablesAsync(Cancel);
    }

    protected Task ReleaseAsync() => ExecuteAsync(RegistryReleases.Latest(Store.IsPostgres));

    protected async Task ExecuteAsync(params string[] statements)
    {
        await using var registry = Open();
        foreach (var statement in statements)
            await registry.Database.ExecuteSqlRawAsync(statement, Cancel);
    }

    protected async Task<long> ScalarAsync(string sql)
    {
        await using var registry = Open();
        await registry.Database.OpenConnectionAsync(Cancel);
        await using var command = registry.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancel), CultureInfo.InvariantCulture);
    }

    /// <summary>Every table of the model that is there, as one line.</summary>
    private async Task<Dictionary<string, string>> FoundAsync()
    {
        await using var registry = Open();
        await registry.Database.OpenConnectionAsync(Cancel);
        var found = await new SchemaUpgrade(registry).FindAsync(Cancel);
        return found.OrderBy(table => table.Key.SchemaQualifiedName, StringComparer.Ordinal).ToDictionary(table => table.Key.SchemaQualifiedName, table => Line(table.Value));

        static string Line(FoundTable table) => string.Join(
            "; ",
            table.Columns.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => $"{column.Key} {column.Value.Type} {column.Value.IsRequired}")
                .Concat([$"key {string.Join(',', table.PrimaryKey)}"])
                .Concat(table.Indexes.OrderBy(index => index.Key, StringComparer.Ordinal).Select(index => $"{index.Key} {index.Value.IsUnique} {string.Join(',', index.Value.Columns)}"))
                .Concat(table.Constraints.Order(StringComparer.Ordinal)));
    }

    private ServiceProvider Service(Action<IBusRegistrationConfigurator>? also = null) => new ServiceCollection().AddLogging().AddMassTransit(bus =>
    {
        bus.UsingInMemory();
        bus.AddModelRegistryStore(Store.Use, outbox => Store.Use(outbox));
        also?.Invoke(bus);
    }).BuildServiceProvider();

    private static ModelVersion AVersion(int number, string? job = null) => new()
    {
        TenantId = "acme",
        ModelId = "churn",
        Number = number,
        JobId = job ?? $"job-{number}",
        ArtifactsLocation = "s3://churn",
        Metrics = "{}",
        TrainingDurationMs = 5,
        CreatedAt = DateTimeOffset.UnixEpoch,
        AnnouncedBy = Guid.CreateVersion7(),
        Stage = VersionStage.Staged,
    };
}
