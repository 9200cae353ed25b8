using System.Text.Json;
using PhantomSync.Conflicts.Queueing;
using PhantomSync.Conflicts.Storing;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.Host.DeadLetters;
using PhantomSync.Host.Hosting;
using Spectre.Console;

namespace PhantomSync.Host.Conflicts;

/// <summary>
/// The verbs of those who decide conflicts. It works on the services' databases in place, whether or not a host runs on them; what is
/// decided counts at once, and a host that runs, now or later, tells the others.
/// </summary>
internal sealed class ConflictDesk : IAsyncDisposable
{
    private const int WideEnough = 200;

    private readonly PlatformOptions _platform;
    private readonly PlatformHost _host;
    private readonly ConflictQueue[] _queues;
    private readonly TimeProvider _time;

    private ConflictDesk(PlatformOptions platform, PlatformHost host)
    {
        (_platform, _host) = (platform, host);
        _queues = [.. host.Services.GetServices<ConflictQueue>()];
        _time = host.Services.GetRequiredService<TimeProvider>();
    }

    public static async Task<ConflictDesk> OpenAsync(PlatformOptions platform, CancellationToken cancellationToken) =>
        new(platform, await PlatformHost.CreateAsync(platform, LogLevel.Error, urls: null, _ => { }, cancellationToken, PlatformRole.Reader));

    public async Task<int> ListAsync(string? tenant, bool closed, bool json, CancellationToken cancellationToken)
    {
        var records = await AllAsync(tenant, closed, cancellationToken);
        var now = _time.GetUtcNow();
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize([.. records.Select(record => ConflictLine.Of(record.Queue.Service, record.Record, now))], ConflictJson.Default.ConflictLineArray));
            return 0;
        }

        foreach (var (_, record) in records)
            Console.Out.WriteLine(ConflictText.Line(record, now));
        Console.Out.WriteLine(records.Count == 1 ? "1 conflict" : $"{records.Count:N0} conflicts");
        return 0;
    }

    public async Task<int> ShowAsync(string id, bool json, CancellationToken cancellationToken)
    {
        var (queue, record) = await FindAsync(id, cancellationToken);
        if (json)
            return Print(queue, record);
        foreach (var line in ConflictText.Head(queue.Service, record, _time.GetUtcNow()))
            Console.Out.WriteLine(LetterText.Clean(line));
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WideEnough;
        AnsiConsole.Write(ConflictText.SideBySide(record));
        return 0;
    }

    public async Task<int> ClaimAsync(string id, Operator by, int minutes, bool json, CancellationToken cancellationToken)
    {
        if (minutes is < 1 or > 10_080)
            throw new UserErrorException($"--minutes is {minutes}; it must be from 1 to 10080, a week.");
        var (queue, record) = await FindAsync(id, cancellationToken);
        return Report(queue, await queue.ClaimAsync(record.ConflictId, by.Name, TimeSpan.FromMinutes(minutes), cancellationToken), json);
    }

    public async Task<int> ResolveAsync(string id, ResolveWords words, bool json, CancellationToken cancellationToken)
    {
        var (queue, record) = await FindAsync(id, cancellationToken);
        var answer = await queue.ResolveAsync(record.ConflictId, words.Read(record.ReadFields()), cancellationToken);
        var code = Report(queue, answer, json);
        if (answer.IsDone && !json && _platform is { Postgres: null, Kafka: null } && !DataDirectory.IsHeld(_platform.DataDirectory))
            Console.Out.WriteLine("No host runs on this data; the next one tells the other services.");
        return code;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private int Report(ConflictQueue queue, QueueAnswer answer, bool json)
    {
        if (answer.Kind is QueueAnswerKind.Invalid or QueueAnswerKind.Unknown)
            throw new UserErrorException(LetterText.Clean(answer.Message));
        if (!answer.IsDone)
        {
            Console.Error.WriteLine(LetterText.Clean(answer.Message));
            return 1;
        }

        if (json)
            return Print(queue, answer.Record!);
        Console.Out.WriteLine(LetterText.Clean(answer.Message));
        return 0;
    }

    private int Print(ConflictQueue queue, ConflictRecord record)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(ConflictLine.Of(queue.Service, record, _time.GetUtcNow()), ConflictJson.Default.ConflictLine));
        return 0;
    }

    private async Task<(ConflictQueue Queue, ConflictRecord Record)> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = (await AllAsync(tenant: null, closed: true, cancellationToken)).Where(record => id.Length > 0 && record.Record.ConflictId.ToString().EndsWith(id, StringComparison.OrdinalIgnoreCase)).ToArray();
        return found switch
        {
            [var record] => record,
            [] => throw new UserErrorException($"There is no conflict '{LetterText.Clean(id)}'. 'conflicts list' shows those that wait."),
            _ => throw new UserErrorException($"'{LetterText.Clean(id)}' is the end of {found.Length} ids. Give more of it."),
        };
    }

    private async Task<IReadOnlyList<(ConflictQueue Queue, ConflictRecord Record)>> AllAsync(string? tenant, bool closed, CancellationToken cancellationToken)
    {
        var all = new List<(ConflictQueue Queue, ConflictRecord Record)>();
        foreach (var queue in _queues)
        {
            if (_platform.Postgres is not null || File.Exists(Path.Combine(_platform.DataDirectory, "registry.db")))
                all.AddRange((await queue.ListAsync(tenant, closed, cancellationToken)).Select(record => (queue, record)));
        }

        return all;
    }
}
