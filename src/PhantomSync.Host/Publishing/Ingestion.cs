using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Host.Publishing;

/// <summary>
/// Takes lines into the outbox, up to <see cref="BatchLines"/> in a transaction, in their order. It commits what it has before
/// it waits for more input, so that a slow producer's records do not wait for each other.
/// </summary>
internal sealed class Ingestion(IServiceProvider services, TextWriter errors, TimeProvider time)
{
    public const int BatchLines = 200;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private const int Retries = 240;

    private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();
    private readonly List<Line> _batch = [];

    public long Published { get; private set; }

    public long Bad { get; private set; }

    public async Task RunAsync(Stream input, CancellationToken cancellationToken)
    {
        var limit = services.MaxRecordBytes<IngressDbContext>();
        await using var lines = new LineReader(input, limit);
        do
        {
            while (lines.TryNext(out var line))
            {
                if (line.IsBlank)
                    continue;
                if (line.Content is null)
                    Refuse(line, $"record: expected at most {limit:N0} bytes, found {line.Length:N0}");
                else
                    _batch.Add(line);
                if (_batch.Count == BatchLines)
                    await FlushAsync(cancellationToken);
            }

            await FlushAsync(cancellationToken);
        }
        while (await lines.ReadAsync(cancellationToken));
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
            return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SaveAsync(cancellationToken);
                break;
            }
            catch (Exception exception) when (attempt < Retries && exception is DbUpdateException or DbException)
            {
                // Whatever it was cut off in: the same records again are duplicates, which every consumer drops.
                await Task.Delay(RetryPause, time, cancellationToken);
            }
        }

        _batch.Clear();
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var bad = new List<(Line Line, string Fault)>();
        foreach (var line in _batch)
        {
            try
            {
                await scope.PublishRecordAsync<IngressDbContext>(line.Content!, cancellationToken);
            }
            catch (WireFormatException fault)
            {
                bad.Add((line, fault.Message));
            }
            catch (TenantRefusedException refusal)
            {
                bad.Add((line, refusal.Message));
            }
        }

        await scope.ServiceProvider.GetRequiredService<IngressDbContext>().SaveChangesAsync(cancellationToken);
        Published += _batch.Count - bad.Count;
        foreach (var (line, fault) in bad)
            Refuse(line, fault);
    }

    private void Refuse(Line line, string fault)
    {
        Bad++;
        errors.WriteLine($"line {line.Number}: {fault}");
    }
}
