using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace PhantomSync.Analytics.DuckDb;

/// <summary>DuckDB's failures that pass: all that do not lie in the rows.</summary>
internal static class DuckDbFailures
{
    public static bool? IsTransient(Exception exception) => exception is DuckDBException duckDb
        ? duckDb.ErrorType is not (DuckDBErrorType.Invalid or DuckDBErrorType.OutOfRange or DuckDBErrorType.Conversion
            or DuckDBErrorType.MismatchType or DuckDBErrorType.InvalidType or DuckDBErrorType.InvalidInput or DuckDBErrorType.Constraint)
        : null;
}
