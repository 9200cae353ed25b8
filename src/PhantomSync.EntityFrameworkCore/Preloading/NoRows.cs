using System.Collections;
using System.Data.Common;

namespace PhantomSync.EntityFrameworkCore.Preloading;

/// <summary>The result of a query that found nothing.</summary>
internal sealed class NoRows : DbDataReader
{
    private bool _closed;

    public override int Depth => 0;

    public override int FieldCount => 0;

    public override bool HasRows => false;

    public override bool IsClosed => _closed;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => throw Empty();

    public override object this[string name] => throw Empty();

    public override bool Read() => false;

    public override bool NextResult() => false;

    public override void Close() => _closed = true;

    public override IEnumerator GetEnumerator() => Array.Empty<object>().GetEnumerator();

    public override int GetValues(object[] values) => 0;

    public override int GetOrdinal(string name) => throw Empty();

    public override string GetName(int ordinal) => throw Empty();

    public override string GetDataTypeName(int ordinal) => throw Empty();

    public override Type GetFieldType(int ordinal) => throw Empty();

    public override bool IsDBNull(int ordinal) => throw Empty();

    public override object GetValue(int ordinal) => throw Empty();

    public override bool GetBoolean(int ordinal) => throw Empty();

    public override byte GetByte(int ordinal) => throw Empty();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw Empty();

    public override char GetChar(int ordinal) => throw Empty();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw Empty();

    public override DateTime GetDateTime(int ordinal) => throw Empty();

    public override decimal GetDecimal(int ordinal) => throw Empty();

    public override double GetDouble(int ordinal) => throw Empty();

    public override float GetFloat(int ordinal) => throw Empty();

    public override Guid GetGuid(int ordinal) => throw Empty();

    public override short GetInt16(int ordinal) => throw Empty();

    public override int GetInt32(int ordinal) => throw Empty();

    public override long GetInt64(int ordinal) => throw Empty();

    public override string GetString(int ordinal) => throw Empty();

    private static InvalidOperationException Empty() => new("The query found no row.");
}
