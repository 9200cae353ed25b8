using System.Data.Common;
using System.Text.Json;
using PhantomSync.EntityFrameworkCore;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.Publishing;

/// <summary>
/// Publishes records that another platform's service has written, one per line. On the embedded broker the services run along
/// until they have handled them; with a Kafka cluster that is the business of the hosts there.
/// </summary>
internal static class PublishCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <returns>0 where every line was published and delivered; else 1.</returns>
    /// <exception cref="UserErrorException">There is no such file, or the platform cannot be started.</exception>
    public static async Task<int> RunAsync(PublishOptions options, PlatformOptions platform, LogLevel logLevel, CancellationToken cancellationToken)
    {
        await using var input = Open(options.File);
        using var tally = new CounterTally();
        await using var host = await PlatformHost.CreateAsync(platform, logLevel, urls: null, _ => { }, cancellationToken, platform.Kafka is null ? PlatformRole.Platform : PlatformRole.Publisher);
        await host.Host.StartAsync(cancellationToken);
        try
        {
            await host.DatabasesReadyAsync(Console.Error.WriteLine, cancellationToken);
            await host.Services.OutboxReadyAsync<IngressDbContext>(cancellationToken);
            var time = host.Services.GetRequiredService<TimeProvider>();
            var ingestion = new Ingestion(host.Services, options, Console.Error, time);
            await ingestion.RunAsync(input, cancellationToken);
            var waiting = await DrainAsync(host.Services, time, cancellationToken);
            if (platform.Kafka is null && waiting == 0)
                await FollowUp.WaitAsync(host.Services, time, Patience, cancellationToken);
            var report = Report(ingestion, tally, waiting);
            Console.Out.WriteLine(options.Json ? JsonSerializer.Serialize(report, PublishJson.Default.PublishReport) : Text(report));
            if (waiting > 0)
                await Console.Error.WriteLineAsync($"Nothing moved for {Patience.TotalSeconds:F0} s; {waiting:N0} records are still in the outbox. They are kept and leave with the next run on the same data.");
            return report.IsComplete ? 0 : 1;
        }
        finally
        {
            await host.Host.StopAsync(CancellationToken.None);
        }
    }

    private static Stream Open(string file)
    {
        if (file == PublishOptions.StandardInput)
            return Console.OpenStandardInput();
        if (Directory.Exists(file))
            throw new UserErrorException($"{file} is a directory. Give a file with one record per line, or - for standard input.");
        try
        {
            return new FileStream(file, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0, Share = FileShare.ReadWrite });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"{file} cannot be read: {exception.Message} Give a file with one record per line, or - for standard input.", exception);
        }
    }

    /// <summary>Waits until the outbox is empty: on the embedded broker an event leaves it when every service has handled it.</summary>
    /// <returns>What is left where nothing moved any more.</returns>
    private static async Task<long> DrainAsync(IServiceProvider services, TimeProvider time, CancellationToken cancellationToken)
    {
        var (last, movedAt, told) = (-1L, time.GetTimestamp(), false);
        while (true)
        {
            var (waiting, held) = await DepthAsync(services, last, cancellationToken);
            if (waiting == 0)
                return 0;
            if (waiting == held && !told)
            {
                told = true;
                await Console.Error.WriteLineAsync($"{held:N0} records are held back by their sync_strategy; waiting for their time. Ctrl+C leaves them to the next run on the same data.");
            }

            if (waiting != last || waiting == held)
                (last, movedAt) = (waiting, time.GetTimestamp());
            else if (time.GetElapsedTime(movedAt) > Patience)
                return waiting;
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static async Task<(long Waiting, long Held)> DepthAsync(IServiceProvider services, long last, CancellationToken cancellationToken)
    {
        try
        {
            return await services.OutboxDepthAsync<IngressDbContext>(cancellationToken);
        }
        catch (DbException)
        {
            // The database is away; nothing is known to have moved.
            return (last, 0);
        }
    }

    private static PublishReport Report(Ingestion ingestion, CounterTally tally, long waiting)
    {
        var services = tally.Groups()
            .Select(group => new PublishReport.Service(
                group,
                tally.Sum("phantomsync.consumer.handled", group),
                tally.Sum("phantomsync.consumer.duplicates", group),
                tally.Sum("phantomsync.consumer.dead_letters", group)))
            .ToArray();
        return new PublishReport
        {
            Published = ingestion.Published,
            Bad = ingestion.Bad,
            Duplicates = services.Select(service => service.Duplicates).DefaultIfEmpty().Max(),
            Waiting = waiting,
            Services = services,
        };
    }

    private static string Text(PublishReport report) =>
        string.Join(", ", new[] { $"published {report.Published}", $"bad {report.Bad}" }.Concat(report.Services.Select(Text)));

    private static string Text(PublishReport.Service service) =>
        $"handled by {service.Name} {service.Handled}"
        + (service.Duplicates > 0 ? $" ({service.Duplicates} duplicates dropped)" : "")
        + (service.DeadLetters > 0 ? $" ({service.DeadLetters} dead letters)" : "");
}
