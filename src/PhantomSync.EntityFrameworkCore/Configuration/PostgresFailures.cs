using Npgsql;
using PhantomSync.EntityFrameworkCore.Sagas;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.EntityFrameworkCore;

/// <summary>PostgreSQL's failures that pass, by SQLSTATE (appendix A of its manual).</summary>
internal sealed class PostgresFailures : ITransientFailureRule
{
    public bool? IsTransient(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } =>
            state.StartsWith("08", StringComparison.Ordinal)    // connection
            || state.StartsWith("53", StringComparison.Ordinal) // out of disk, memory, connections
            || state.StartsWith("57P", StringComparison.Ordinal) // shutdown
            || state is "40001" or "40P01" or "55P03"           // serialization, deadlock, lock timeout
            or "57014"                                           // cancelled by statement_timeout
            or "42P01"                                           // a table that a migration has yet to make
            or "25006"                                           // a standby that is not promoted yet
            or "40003"                                           // outcome of the commit unknown: the inbox knows
            or "58030"                                           // the disk
            || exception is PostgresException { SqlState: "23505", ConstraintName: SagaHistoryTable.PrimaryKey }, // two events of one instance at once
        NpgsqlException => true,
        _ => null,
    };
}
