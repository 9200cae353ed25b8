using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using PhantomSync.Benchmarks.HandWritten;
using PhantomSync.Contracts;

namespace PhantomSync.Benchmarks.Ours;

/// <summary>Keeps a micro-batch with one statement.</summary>
internal sealed class KeepBatch(BenchContext context) : IConsumer<Batch<InferenceCompleted>>
{
    private static readonly string Sql = PlainTables.Upsert("effect");

    public async Task Consume(ConsumeContext<Batch<InferenceCompleted>> consumed)
    {
        var batch = consumed.Message;
        var (ids, tenants, models) = (new string[batch.Length], new string[batch.Length], new string[batch.Length]);
        var (confidences, times) = (new double[batch.Length], new long[batch.Length]);
        for (var i = 0; i < batch.Length; i++)
        {
            var e = batch[i].Message;
            (ids[i], tenants[i], models[i], confidences[i], times[i]) = (e.InferenceId, e.TenantId, e.ModelId, e.Confidence, (long)e.InferenceTimeMs);
        }

        await using var command = new NpgsqlCommand(Sql, (NpgsqlConnection)context.Database.GetDbConnection(), (NpgsqlTransaction)context.Database.CurrentTransaction!.GetDbTransaction())
        {
            Parameters =
            {
                Of(NpgsqlDbType.Text, ids), Of(NpgsqlDbType.Text, tenants), Of(NpgsqlDbType.Text, models), Of(NpgsqlDbType.Double, confidences), Of(NpgsqlDbType.Bigint, times),
            },
        };
        await command.ExecuteNonQueryAsync(consumed.CancellationToken);
        context.Handled.AddRange(ids);
    }

    private static NpgsqlParameter Of(NpgsqlDbType element, Array value) => new() { NpgsqlDbType = NpgsqlDbType.Array | element, Value = value };
}
