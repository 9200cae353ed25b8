using PhantomSync.Benchmarks.Servers;
using Spectre.Console;

namespace PhantomSync.Benchmarks.Running;

/// <summary>The statements on which PostgreSQL spent most time since the run began.</summary>
internal static class StatementTable
{
    private const string Sql =
        """
        SELECT calls, rows, total_plan_time, total_exec_time, left(regexp_replace(query, '\s+', ' ', 'g'), 90)
        FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        ORDER BY total_plan_time + total_exec_time DESC LIMIT 10
        """;

    public static async Task<Table> OfAsync(Stage stage, CancellationToken cancellationToken)
    {
        var table = new Table().SimpleBorder().AddColumns("calls", "rows", "planned ms", "executed ms", "statement");
        await using var command = stage.Database.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            table.AddRow(
                $"{reader.GetInt64(0)}", $"{reader.GetInt64(1)}", $"{reader.GetDouble(2):F0}", $"{reader.GetDouble(3):F0}", Markup.Escape(reader.GetString(4)));
        }

        return table;
    }
}
