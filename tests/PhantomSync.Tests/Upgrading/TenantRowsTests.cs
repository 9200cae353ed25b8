using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PhantomSync.Audit;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Host.Publishing;
using PhantomSync.Registry;
using PhantomSync.Registry.Models;
using PhantomSync.Sagas;
using PhantomSync.Tests.Postgres;
using PhantomSync.Workloads;

namespace PhantomSync.Tests.Upgrading;

/// <summary>What a role sees of the tenants that does not own their tables. S13.02.</summary>
[Trait("row", "S13.02"), Trait("row", "S18.05")]
public sealed class TenantRowsTests(PostgresServer server) : IAsyncLifetime
{
    private readonly string _role = $"reader_{Guid.NewGuid():N}";
    private string _connection = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string AsReader => new NpgsqlConnectionStringBuilder(_connection) { Username = _role, Password = _role, Pooling = false }.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        _connection = await server.CreateDatabaseAsync();
        await using var registry = Open();
        await registry.EnsureTablesAsync(Cancel);
        foreach (var tenant in (string[])["acme", "acme", "other"])
            registry.Models.Add(new RegisteredModel { TenantId = tenant, ModelId = $"{Guid.NewGuid()}" });
        await registry.SaveChangesAsync(Cancel);
        await ExecuteAsync(
            _connection,
            $"CREATE ROLE {_role} LOGIN PASSWORD '{_role}'; GRANT USAGE ON SCHEMA registry TO {_role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA registry TO {_role}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection.Length > 0)
            await ExecuteAsync(_connection, $"DROP OWNED BY {_role}; DROP ROLE {_role}");
    }

    [Fact]
    public async Task Another_role_sees_the_rows_of_the_tenant_that_it_has_set_and_none_without()
    {
        await using var reader = new NpgsqlConnection(AsReader);
        await reader.OpenAsync(Cancel);
        const string All = "SELECT count(*) FROM registry.models";
        (await ScalarAsync(reader, All)).ShouldBe(0);
        await ScalarAsync(reader, "SET phantom.tenant = 'acme'");
        (await ScalarAsync(reader, All)).ShouldBe(2);
        (await ScalarAsync(reader, "SELECT count(*) FROM registry.models WHERE tenant_id <> 'acme'")).ShouldBe(0);
        (await ScalarAsync(reader, "WITH gone AS (DELETE FROM registry.models WHERE tenant_id = 'other' RETURNING 1) SELECT count(*) FROM gone")).ShouldBe(0);
        (await Should.ThrowAsync<PostgresException>(() => ScalarAsync(
            reader, "INSERT INTO registry.models (tenant_id, model_id, own_status, latest_version) VALUES ('other', 'm', 'active', 0)"))).SqlState.ShouldBe("42501");

        await ScalarAsync(reader, "RESET phantom.tenant");
        await ScalarAsync(reader, "BEGIN; SET LOCAL phantom.tenant = 'other'");
        (await ScalarAsync(reader, All)).ShouldBe(1);
        await ScalarAsync(reader, "COMMIT");
        (await ScalarAsync(reader, All)).ShouldBe(0);
    }

    [Fact]
    public async Task The_service_sees_every_tenant_s()
    {
        await using var registry = Open();
        (await registry.Models.CountAsync(Cancel)).ShouldBe(3);
    }

    [Fact]
    public async Task Every_table_of_every_service_that_names_the_tenant_has_the_barrier()
    {
        await MakeAsync<AuditDbContext>(options => new(options));
        await MakeAsync<SagasDbContext>(options => new(options));
        await MakeAsync<WorkloadsDbContext>(options => new(options));
        await MakeAsync<IngressDbContext>(options => new(options));
        await using var owner = new NpgsqlConnection(_connection);
        await owner.OpenAsync(Cancel);
        const string Tables = "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' WHERE c.relkind = 'r'";
        (await ScalarAsync(owner, $"SELECT count(*) {Tables}")).ShouldBeGreaterThan(15);
        (await ScalarAsync(owner, $"SELECT count(*) {Tables} AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))")).ShouldBe(0);
    }

    [Fact]
    public async Task A_service_that_the_barrier_stops_is_told()
    {
        await using var registry = new RegistryDbContext(new DbContextOptionsBuilder<RegistryDbContext>().UseNpgsql(AsReader).Options);
        var refusal = await Should.ThrowAsync<PostgresException>(() => registry.EnsureTablesAsync(Cancel));
        refusal.MessageText.ShouldStartWith($"Row-level security hides the rows of registry.");
        refusal.MessageText.ShouldEndWith($"from {_role}, as which this service runs. Make it a member of the role that owns the table, or give it BYPASSRLS or a policy of its own.");
    }

    [Fact]
    public async Task A_service_that_does_not_own_tables_without_the_barrier_passes_over_it()
    {
        await ExecuteAsync(_connection, "DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT polrelid FROM pg_policy LOOP EXECUTE format('DROP POLICY phantom_tenant ON %s', t); EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', t); END LOOP; END $$");
        await using var registry = new RegistryDbContext(new DbContextOptionsBuilder<RegistryDbContext>().UseNpgsql(AsReader).Options);
        await registry.EnsureTablesAsync(Cancel);
        (await registry.Models.CountAsync(Cancel)).ShouldBe(3);
    }

    private RegistryDbContext Open() => new(new DbContextOptionsBuilder<RegistryDbContext>().UseNpgsql(_connection).Options);

    private async Task MakeAsync<TContext>(Func<DbContextOptions<TContext>, TContext> create)
        where TContext : DbContext
    {
        await using var context = create(new DbContextOptionsBuilder<TContext>().UseNpgsql(_connection).Options);
        await context.EnsureTablesAsync(Cancel);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancel), CultureInfo.InvariantCulture);
    }
}
