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
            || state.StartsWith("28", StringComparison.Ordinal) // the server lets this user in no longer: a password was changed
            || state.StartsWith("53", StringComparison.Ordinal) // out of disk, memory, connections
            || state.StartsWith("57P", StringComparison.Ordinal) // shutdown
            || state is "40001" or "40P01" or "55P03"           // serialization, deadlock, lock timeout
            or "57014" or "25P03" or "25P04"                     // cancelled by statement_timeout, cut off by that of a transaction
            or "3D000" or "42P01" or "42703"                     // a database, table or column that an upgrade has yet to make
            or "25006"                                           // a standby that is not promoted yet
            or "40003"                                           // outcome of the commit unknown: the inbox knows
            or "58030"                                           // the disk
            || exception is PostgresException { SqlState: "23505", ConstraintName: SagaHistoryTable.PrimaryKey }, // two events of one instance at once
        NpgsqlOperationInProgressException => false, // a handler that uses its connection twice at once
        NpgsqlException => true,
        _ => null,
    };
}
