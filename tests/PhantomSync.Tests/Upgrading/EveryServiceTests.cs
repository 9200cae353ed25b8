using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Upgrading;
using PhantomSync.Host.Publishing;
using PhantomSync.Registry;
using PhantomSync.Sagas;
using PhantomSync.Sample;
using PhantomSync.Tests.Postgres;
using PhantomSync.Tests.Riding;
using PhantomSync.Workloads;

namespace PhantomSync.Tests.Upgrading;

/// <summary>What every service has just created is what it looks for at its next start. S13.18.</summary>
[Trait("row", "S13.18")]
public sealed class EveryServiceTests(PostgresServer server)
{
    public static TheoryData<Type> Contexts =>
    [
        typeof(RegistryDbContext), typeof(AuditDbContext), typeof(AuditIndexDbContext), typeof(SagasDbContext), typeof(WorkloadsDbContext), typeof(IngressDbContext),
        typeof(ReviewsDbContext), typeof(LedgerContext),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Contexts))]
    public async Task On_Postgres_nothing_is_missing_afterwards(Type context)
    {
        using var store = await LedgerStore.PostgresAsync(server);
        await NothingIsMissingAsync(store, context);
    }

    [Theory, MemberData(nameof(Contexts))]
    public async Task On_SQLite_nothing_is_missing_afterwards(Type context)
    {
        using var store = LedgerStore.Sqlite();
        await NothingIsMissingAsync(store, context);
    }

    private static async Task NothingIsMissingAsync(LedgerStore store, Type type)
    {
        var options = (DbContextOptionsBuilder)Activator.CreateInstance(typeof(DbContextOptionsBuilder<>).MakeGenericType(type))!;
        store.Use(options);
        await using var context = (DbContext)Activator.CreateInstance(type, options.Options)!;
        await context.EnsureTablesAsync(Cancel);
        await context.EnsureTablesAsync(Cancel);

        await context.Database.OpenConnectionAsync(Cancel);
        var upgrade = new SchemaUpgrade(context);
        var plan = await upgrade.PlanAsync(await upgrade.FindAsync(Cancel), Cancel);
        plan.Mismatches.ShouldBeEmpty();
        plan.Operations.ShouldBeEmpty();
        plan.OtherTypes.ShouldBeEmpty();
    }
}
