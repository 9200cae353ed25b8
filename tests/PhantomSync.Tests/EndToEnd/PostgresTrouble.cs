using System.Diagnostics;
using Npgsql;
using PhantomSync.Tests.Postgres;

namespace PhantomSync.Tests.EndToEnd;

[Collection(nameof(OutsideTrouble))]
public sealed class PostgresTrouble
{
    [Fact]
    [Trait("row", "F07")]
    public async Task A_host_that_finds_no_PostgreSQL_says_so_and_works_when_it_comes()
    {
        PostgresServer.SkipIfMissing();
        await using var cluster = await PostgresCluster.CreateAsync();
        using var bed = new DemoBed(Database(cluster, "phantomsync"));
        await using var host = bed.Demo(events: 100);
        await host.SaysAsync("Waiting for the database");
        host.HasExited.ShouldBeFalse();

        await cluster.StartAsync();
        (await host.ExitsAsync(180)).ShouldBe(0, host.Story);
        Evidence.ShouldBeSound(bed).ShouldBeGreaterThanOrEqualTo(100);
        host.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    [Trait("row", "F07")]
    public async Task A_crash_of_PostgreSQL_in_full_flight_is_survived()
    {
        PostgresServer.SkipIfMissing();
        await using var cluster = await PostgresCluster.CreateAsync();
        await cluster.StartAsync();
        using var bed = new DemoBed(Database(cluster, "phantomsync"));
        await using var host = bed.Demo(events: 1_500, rate: 250);
        for (var crash = 1; crash <= 3; crash++)
        {
            await bed.ReachesAsync(host, run => run.GetProperty("handled").GetInt64() > 250 * crash, $"events flow after {crash - 1} crashes");
            await cluster.RestartAsync();
        }

        (await host.ExitsAsync(180)).ShouldBe(0, host.Story);
        TestContext.Current.TestOutputHelper!.WriteLine($"{host.Story}\n{bed.LastStats(host.Id)}");
        Evidence.ShouldBeSound(bed).ShouldBeGreaterThan(1_500);
        host.Errors.ShouldContain("cannot commit");
        host.Errors.Split('\n').Length.ShouldBeLessThan(40, host.Errors);
    }

    [Fact]
    public async Task A_wrong_password_and_a_database_that_may_not_be_made_are_named()
    {
        PostgresServer.SkipIfMissing();
        await using var cluster = await PostgresCluster.CreateAsync();
        await cluster.StartAsync();
        await using (var connection = new NpgsqlConnection(cluster.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("CREATE ROLE guest LOGIN PASSWORD 'right'; CREATE DATABASE foreign_house", connection);
            foreach (var statement in command.CommandText.Split(';'))
            {
                await using var one = new NpgsqlCommand(statement, connection);
                await one.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
        }

        await cluster.DemandPasswordAsync("guest");
        await ShouldRefuseAsync("run", $"Host=127.0.0.1;Port={cluster.Port};Database=foreign_house;Username=guest;Password=wrong", "password authentication failed", "Username and Password");
        await ShouldRefuseAsync("demo", $"Host=127.0.0.1;Port={cluster.Port};Database=nowhere;Username=guest;Password=right", "permission denied to create database", "Check Database");
        await ShouldRefuseAsync("demo", $"Host=127.0.0.1;Port={cluster.Port};Database=foreign_house;Username=guest;Password=right", "permission denied for database foreign_house", "Check Database");
        await ShouldRefuseAsync("demo", $"Host=127.0.0.1;Port={cluster.Port};Database=foreign_house;Username=nobody", "role \"nobody\" does not exist", "Username");
    }

    private static string Database(PostgresCluster cluster, string name) => new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name, MaxPoolSize = 20 }.ConnectionString;

    private static async Task ShouldRefuseAsync(string verb, string connection, params string[] words)
    {
        await using var host = HostProcess.Start([verb, "--postgres", connection]);
        (await host.ExitsAsync(180)).ShouldBe(2, host.Story);
        foreach (var word in words)
            host.Errors.ShouldContain(word);
        host.Errors.ShouldNotContain("   at ");
        host.Errors.ShouldNotContain("wrong", Case.Sensitive, "the password stays secret");
    }
}
