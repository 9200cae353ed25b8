using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.Utility;
using PhantomSync.Analytics.Erasing;
using PhantomSync.Analytics.Recording;

namespace PhantomSync.Analytics.ClickHouse;

/// <summary>
/// What is erased, in a table that all hosts read. One that has not heard of an erasure yet may write what it forbids: so each
/// erases it once more when it has known of it for longer than an insert may be under way.
/// </summary>
internal sealed class ClickHouseErasures(ClickHouseClient client, TimeSpan longestInsert, TimeProvider time)
{
    private readonly Dictionary<Guid, DateTimeOffset> _heard = [];
    private volatile ErasureList? _list;

    public async ValueTask<ErasureList> ListAsync(CancellationToken cancellationToken) => _list ?? await ReadAsync(cancellationToken);

    public async Task<ErasureList> ReadAsync(CancellationToken cancellationToken)
    {
        using var reader = await client.ExecuteReaderAsync(
            "SELECT id, tenant_id, user_id, before, erased_by, reason, erased_at FROM erasures FINAL ORDER BY erased_at, id", cancellationToken: cancellationToken);
        var all = new List<Erasure>();
        while (reader.Read())
        {
            all.Add(new Erasure
            {
                Id = reader.GetGuid(0),
                TenantId = reader.GetString(1),
                UserId = reader.IsDBNull(2) ? null : reader.GetString(2),
                Before = Utc(reader.GetDateTime(3)),
                By = reader.GetString(4),
                Reason = reader.GetString(5),
                ErasedAt = Utc(reader.GetDateTime(6)),
            });
        }

        var list = new ErasureList(all);
        lock (_heard)
        {
            // What was there before this process wrote anything needs no second look.
            foreach (var erasure in all)
                _heard.TryAdd(erasure.Id, _list is null ? DateTimeOffset.MaxValue : time.GetUtcNow());
            _list = list;
        }

        return list;
    }

    public async Task<ErasureReceipt> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var parameters = Parameters(erasure);
        foreach (var table in Concerned(erasure))
        {
            var last = (DateTime)(await client.ExecuteScalarAsync($"SELECT max(timestamp) FROM {table} WHERE {Of(erasure)}", parameters, cancellationToken: cancellationToken))!;
            if (Utc(last) >= erasure.Before)
                erasure = erasure with { Before = Utc(last).AddMicroseconds(1) };
        }

        // First it is known, then it is done: what is written in between is refused.
        await RememberAsync(erasure, rows: null, cancellationToken);
        await ReadAsync(cancellationToken);
        var rows = await RemoveAsync(erasure, cancellationToken);
        await RememberAsync(erasure, rows, cancellationToken);
        return new ErasureReceipt(erasure, rows);
    }

    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var list = await ReadAsync(cancellationToken);
        foreach (var erasure in list.All)
        {
            lock (_heard)
            {
                if (_heard[erasure.Id] == DateTimeOffset.MaxValue || time.GetUtcNow() - _heard[erasure.Id] <= longestInsert)
                    continue;
            }

            await RemoveAsync(erasure, cancellationToken);
            lock (_heard)
                _heard[erasure.Id] = DateTimeOffset.MaxValue;
        }
    }

    public async Task EraseAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var erasure in (await ReadAsync(cancellationToken)).All)
            await RemoveAsync(erasure, cancellationToken);
    }

    /// <summary>Rewrites the parts that have such rows, so that nothing of them is left on the disk.</summary>
    private async Task<Dictionary<string, long>> RemoveAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (table, moment) in Concerned(erasure).Select(table => (table, "timestamp")).Concat(RollupsOf(erasure).Select(table => (table, "bucket"))))
        {
            var parameters = Parameters(erasure);
            parameters.AddParameter("before", erasure.Before.UtcDateTime);
            var which = $"{Of(erasure)} AND {moment} < {{before:DateTime64(6, 'UTC')}}";
            var count = Convert.ToInt64(await client.ExecuteScalarAsync($"SELECT count() FROM {table} FINAL WHERE {which}", parameters, cancellationToken: cancellationToken), CultureInfo.InvariantCulture);
            if (count == 0)
                continue;
            await client.ExecuteNonQueryAsync(
                erasure.UserId is null
                    ? $"ALTER TABLE {table} DELETE WHERE {which} SETTINGS mutations_sync = 2"
                    : $"ALTER TABLE {table} UPDATE user_id = '{Erasure.ErasedUser}' WHERE {which} SETTINGS mutations_sync = 2",
                parameters,
                cancellationToken: cancellationToken);
            rows.Add(table, count);
        }

        return rows;
    }

    private Task<int> RememberAsync(Erasure erasure, Dictionary<string, long>? rows, CancellationToken cancellationToken)
    {
        var parameters = Parameters(erasure);
        parameters.AddParameter("id", erasure.Id);
        parameters.AddParameter("is_user", erasure.UserId is null ? 0 : 1);
        parameters.AddParameter("before", erasure.Before.UtcDateTime);
        parameters.AddParameter("by", erasure.By);
        parameters.AddParameter("reason", erasure.Reason);
        parameters.AddParameter("at", erasure.ErasedAt.UtcDateTime);
        var counts = rows is null ? "map()" : $"map({string.Join(", ", rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"'{row.Key}', {row.Value}")))})";
        return client.ExecuteNonQueryAsync(
            $$"""
            INSERT INTO erasures (id, tenant_id, user_id, before, erased_by, reason, erased_at, rows, is_done)
            SELECT {id:UUID}, {tenant:String}, if({is_user:UInt8}, {user:String}, NULL), {before:DateTime64(6, 'UTC')}, {by:String}, {reason:String},
                {at:DateTime64(6, 'UTC')}, CAST({{counts}} AS Map(String, Int64)), {{(rows is null ? 0 : 1)}}
            """,
            parameters,
            cancellationToken: cancellationToken);
    }

    private static string[] Concerned(Erasure erasure) => erasure.UserId is null ? ClickHouseSchema.TimedTables : [InferenceRow.Table];

    private static IEnumerable<string> RollupsOf(Erasure erasure) => erasure.UserId is null ? Rollups.All.Select(rollup => rollup.Name) : [];

    private static string Of(Erasure erasure) => "tenant_id = {tenant:String}" + (erasure.UserId is null ? "" : " AND user_id = {user:String}");

    private static ClickHouseParameterCollection Parameters(Erasure erasure)
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("tenant", erasure.TenantId);
        parameters.AddParameter("user", erasure.UserId ?? "");
        return parameters;
    }

    private static DateTimeOffset Utc(DateTime moment) => new(DateTime.SpecifyKind(moment, DateTimeKind.Utc));
}
