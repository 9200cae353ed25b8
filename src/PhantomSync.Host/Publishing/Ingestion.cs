using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Contracts;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.EntityFrameworkCore.Auditing;

namespace PhantomSync.Host.Publishing;

/// <summary>
/// Takes lines into the outbox, up to <see cref="BatchLines"/> in a transaction, in their order. It commits what it has before
/// it waits for more input, so that a slow producer's records do not wait for each other. That somebody publishes for a tenant is
/// reported for the audit trail with the first of its records.
/// </summary>
internal sealed class Ingestion(IServiceProvider services, PublishOptions options, TextWriter errors, TimeProvider time)
{
    public const int BatchLines = 200;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private const int Retries = 240;

    private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();
    private readonly List<Line> _batch = [];
    private readonly HashSet<string> _tenants = new(StringComparer.Ordinal);
    private readonly Guid _run = Guid.CreateVersion7(time.GetUtcNow());

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
        var tenants = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in _batch)
        {
            try
            {
                tenants.Add((await scope.PublishRecordAsync<IngressDbContext>(line.Content!, cancellationToken)).TenantId);
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

        var context = scope.ServiceProvider.GetRequiredService<IngressDbContext>();
        tenants.ExceptWith(_tenants);
        foreach (var tenant in tenants)
            scope.ServiceProvider.GetRequiredService<OperatorAudit>().Record(context, options.By, Publication(tenant));
        await context.SaveChangesAsync(cancellationToken);
        _tenants.UnionWith(tenants);
        Published += _batch.Count - bad.Count;
        foreach (var (line, fault) in bad)
            Refuse(line, fault);
    }

    private OperatorDeed Publication(string tenant) => new("PUBLISH_RECORDS", tenant, "PUBLICATION", _run.ToString())
    {
        Details = [("source", options.File == PublishOptions.StandardInput ? "standard input" : Path.GetFileName(options.File))],
    };

    private void Refuse(Line line, string fault)
    {
        Bad++;
        errors.WriteLine($"line {line.Number}: {fault}");
    }
}
