using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Tests.Consuming;

/// <summary>Which failures are waited out and which end in the dead letters. S13.17.</summary>
[Trait("row", "S13.17")]
public sealed class FailureClassifierTests
{
    private static readonly FailureClassifier Failures = new([new PostgresFailures(), new SqliteFailures(), new EntityFrameworkFailures()]);

    /// <summary>SQLSTATEs, appendix A of PostgreSQL's manual.</summary>
    [Theory]
    [InlineData(true, "08000", "08001", "08003", "08004", "08006", "08007", "08P01")] // connection
    [InlineData(true, "28000", "28P01")] // not let in
    [InlineData(true, "40001", "40003", "40P01")] // serialization, commit unknown, deadlock
    [InlineData(true, "53000", "53100", "53200", "53300", "53400")] // resources, disk full, memory, connections
    [InlineData(true, "55P03", "57014", "25P03", "25P04")] // lock and statement timeout, transaction too long
    [InlineData(true, "57P01", "57P02", "57P03", "57P04", "57P05")] // shutdown, crash, not ready
    [InlineData(true, "25006", "58030")] // a standby, the disk
    [InlineData(true, "3D000", "42P01", "42703")] // not upgraded yet
    [InlineData(false, "22000", "22001", "22003", "22007", "22012", "22021", "22P02", "22P05")] // data
    [InlineData(false, "23502", "23503", "23505", "23514", "23P01")] // constraints
    [InlineData(false, "25P02", "42501", "42601", "42804", "42883", "0A000", "P0001", "XX000")] // the handler's statement, or what refuses it
    public void PostgreSQL_by_SQLSTATE(bool transient, params string[] states)
    {
        foreach (var state in states)
            ShouldBe(transient, Postgres(state), state);
    }

    /// <summary>Result codes, https://sqlite.org/rescode.html.</summary>
    [Theory]
    [InlineData(true, 5, 6, 7, 8, 10, 13, 14, 15, 17)] // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL, SCHEMA
    [InlineData(false, 1, 2, 3, 4, 9, 11, 12, 18, 19, 20, 21, 25, 26)] // ERROR … CORRUPT, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE, NOTADB
    public void SQLite_by_result_code(bool transient, params int[] codes)
    {
        foreach (var code in codes)
            ShouldBe(transient, new SqliteException("x", code), $"{code}");
    }

    [Fact]
    public void Two_events_of_one_saga_at_once_are_no_contradiction_but_any_other_unique_key_is()
    {
        Failures.IsTransient(Postgres("23505", "saga_history_pkey")).ShouldBeTrue();
        Failures.IsTransient(Postgres("23505", "PK_models")).ShouldBeFalse();
    }

    [Fact]
    public void Npgsql_without_a_word_of_the_server()
    {
        Failures.IsTransient(new NpgsqlException("Exception while reading from stream", new IOException())).ShouldBeTrue();
        Failures.IsTransient(new NpgsqlException("The operation has timed out", new TimeoutException())).ShouldBeTrue();
        using var command = new NpgsqlCommand("SELECT 1");
        Failures.IsTransient(new NpgsqlOperationInProgressException(command)).ShouldBeFalse();
    }

    [Fact]
    public void Other_services()
    {
        foreach (var passes in (HttpStatusCode[])[HttpStatusCode.RequestTimeout, HttpStatusCode.TooManyRequests, HttpStatusCode.InternalServerError, HttpStatusCode.ServiceUnavailable])
            Failures.IsTransient(new HttpRequestException("x", null, passes)).ShouldBeTrue($"{passes}");
        foreach (var stays in (HttpStatusCode[])[HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.Conflict])
            Failures.IsTransient(new HttpRequestException("x", null, stays)).ShouldBeFalse($"{stays}");
        Failures.IsTransient(new HttpRequestException("Connection refused", new SocketException())).ShouldBeTrue();
        Failures.IsTransient(new HttpIOException(HttpRequestError.ResponseEnded)).ShouldBeTrue();
        Failures.IsTransient(new SocketException()).ShouldBeTrue();
        Failures.IsTransient(new IOException("Connection reset by peer", new SocketException())).ShouldBeTrue();
        Failures.IsTransient(new TimeoutException()).ShouldBeTrue();
    }

    /// <summary>The stop of the endpoint itself is no failure and does not come here.</summary>
    [Fact]
    public void A_cancellation_passes_only_where_it_was_a_timeout()
    {
        Failures.IsTransient(new TaskCanceledException("HttpClient.Timeout elapsed", new TimeoutException())).ShouldBeTrue();
        Failures.IsTransient(new OperationCanceledException("Query was cancelled", Postgres("57014"))).ShouldBeTrue();
        Failures.IsTransient(new OperationCanceledException()).ShouldBeFalse();
    }

    [Fact]
    public void A_row_that_somebody_else_changed_is_read_again() => Failures.IsTransient(new DbUpdateConcurrencyException()).ShouldBeTrue();

    [Fact]
    public void What_a_handler_throws_itself_is_the_message_s_fault_unless_it_says_otherwise()
    {
        foreach (var own in (Exception[])[new InvalidOperationException(), new InvalidDataException(), new FormatException(), new NotSupportedException(), new SetAsideException("x"), new IOException()])
            Failures.IsTransient(own).ShouldBeFalse(own.GetType().Name);
        Failures.IsTransient(new TransientFailureException("later")).ShouldBeTrue();
        Failures.IsTransient(new InvalidOperationException("likely due to a transient failure", Postgres("40P01"))).ShouldBeTrue();
    }

    [Fact]
    public void Of_several_failures_each_must_pass()
    {
        Failures.IsTransient(new AggregateException(Postgres("40P01"), new TimeoutException())).ShouldBeTrue();
        Failures.IsTransient(new AggregateException(Postgres("40P01"), new FormatException())).ShouldBeFalse();
        Failures.IsTransient(new AggregateException(new FormatException())).ShouldBeFalse();
    }

    [Fact]
    public void A_service_s_own_rule_is_asked_about_what_it_knows()
    {
        var failures = new FailureClassifier([new ServiceFailures(exception => exception is InvalidDataException ? true : null)]);
        failures.IsTransient(new InvalidDataException()).ShouldBeTrue();
        failures.IsTransient(new FormatException()).ShouldBeFalse();
    }

    /// <summary>However Entity Framework has wrapped it.</summary>
    private static void ShouldBe(bool transient, Exception exception, string name)
    {
        Failures.IsTransient(exception).ShouldBe(transient, name);
        Failures.IsTransient(new DbUpdateException("x", exception)).ShouldBe(transient, name);
        Failures.IsTransient(new RetryLimitExceededException("x", new DbUpdateException("x", exception))).ShouldBe(transient, name);
        Failures.IsTransient(new AggregateException(exception)).ShouldBe(transient, name);
    }

    private static PostgresException Postgres(string state, string? constraint = null) => new("x", "ERROR", "ERROR", state, constraintName: constraint);
}
