using System.Text.Json;
using PhantomSync.EntityFrameworkCore.Auditing;
using PhantomSync.EntityFrameworkCore.DeadLetters;
using PhantomSync.Host.Demo;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Host.DeadLetters;

/// <summary>
/// The operator's verbs over the dead letters of all services. It writes what is wanted into the service's database; the
/// process that runs the service carries it out. Where none does, on the embedded broker, this one runs the services until that is done.
/// </summary>
internal sealed class LetterDesk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly PlatformOptions _platform;
    private readonly LogLevel _logLevel;
    private readonly PlatformHost _host;
    private readonly DeadLetterBox[] _boxes;

    private LetterDesk(PlatformOptions platform, LogLevel logLevel, PlatformHost host)
    {
        (_platform, _logLevel, _host) = (platform, logLevel, host);
        _boxes = [.. host.Services.GetServices<DeadLetterBox>()];
    }

    public static async Task<LetterDesk> OpenAsync(PlatformOptions platform, LogLevel logLevel, CancellationToken cancellationToken) =>
        new(platform, logLevel, await PlatformHost.CreateAsync(platform, logLevel, urls: null, Extend(platform), cancellationToken, PlatformRole.Reader));

    public async Task<int> ListAsync(string? service, bool closed, bool json)
    {
        var letters = (await AllAsync(closed)).Where(letter => service is null || letter.Box.Service == service).ToArray();
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize([.. letters.Select(letter => LetterLine.Of(letter.Box.Service, letter.Letter))], LetterJson.Default.LetterLineArray));
            return 0;
        }

        foreach (var (box, letter) in letters)
            Console.Out.WriteLine(LetterText.Line(box.Service, letter));
        Console.Out.WriteLine(letters.Length == 1 ? "1 dead letter" : $"{letters.Length:N0} dead letters");
        return 0;
    }

    public async Task<int> ShowAsync(string id)
    {
        var (box, letter) = await FindAsync(id);
        Console.Out.Write(LetterText.Full(box.Service, (await box.FindAsync(letter.Id))!));
        return 0;
    }

    /// <param name="id">The letter; null for all.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="cancellationToken">Ends the waiting; what is requested stands.</param>
    public async Task<int> ReplayAsync(string? id, Operator by, CancellationToken cancellationToken)
    {
        if (id is null)
            return await ReplayAllAsync(by, cancellationToken);
        var (box, letter) = await FindAsync(id);
        if (letter is { Parked: true, State: DeadLetterState.Waiting })
            throw new UserErrorException($"{letter.Id} is parked behind {await HeadAsync(box, letter)}. Replay or discard that one; this one follows.");
        if (!await box.RequestReplayAsync(letter.Id, by, cancellationToken))
            throw new UserErrorException($"{letter.Id} is {LetterLine.StateOf(letter)}; only a letter that waits can be replayed.");
        return await ReportAsync(await CarryOutAsync(cancellationToken), [(box, letter)]);
    }

    public async Task<int> DiscardAsync(string id, Operator by, CancellationToken cancellationToken)
    {
        if (by.Reason is null)
            throw new UserErrorException("--reason is empty. Say why the letter is given up; it is kept with it.");
        var (box, letter) = await FindAsync(id);
        if (!await box.RequestDiscardAsync(letter.Id, by, cancellationToken))
            throw new UserErrorException($"{letter.Id} is {LetterLine.StateOf(letter)}; only a letter that waits can be discarded.");
        return await ReportAsync(await CarryOutAsync(cancellationToken), [(box, letter)]);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<int> ReplayAllAsync(Operator by, CancellationToken cancellationToken)
    {
        var waiting = (await AllAsync(closed: false)).Where(letter => letter.Letter is { State: DeadLetterState.Waiting, Parked: false }).ToArray();
        foreach (var box in _boxes)
            await box.RequestReplayOfAllAsync(by, cancellationToken);
        return await ReportAsync(await CarryOutAsync(cancellationToken), waiting);
    }

    /// <summary>Waits until the services have done what was requested, running them here if nobody else can be.</summary>
    private async Task<bool> CarryOutAsync(CancellationToken cancellationToken)
    {
        if (await IsDoneAsync(cancellationToken))
            return true;
        if (_platform.Kafka is not null || (_platform.Postgres is null && DataDirectory.IsHeld(_platform.DataDirectory)))
            return await WaitAsync(cancellationToken);

        var ledger = _boxes.SingleOrDefault(box => box.Service == DemoCommand.LedgerGroup);
        var demo = ledger is not null && await ledger.OpenRequestsAsync(cancellationToken) > 0;
        await using var host = await PlatformHost.CreateAsync(_platform, _logLevel, urls: null, parts =>
        {
            if (demo)
                DemoCommand.AddDemo(parts);
        }, cancellationToken, PlatformRole.Platform);
        await host.Host.StartAsync(cancellationToken);
        try
        {
            return await WaitAsync(cancellationToken);
        }
        finally
        {
            await host.Host.StopAsync(CancellationToken.None);
        }
    }

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var time = _host.Services.GetRequiredService<TimeProvider>();
        var started = time.GetTimestamp();
        while (!await IsDoneAsync(cancellationToken))
        {
            if (time.GetElapsedTime(started) > Patience)
                return false;
            await Task.Delay(Poll, time, cancellationToken);
        }

        return true;
    }

    private async Task<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        foreach (var box in _boxes)
        {
            if (await box.OpenRequestsAsync(cancellationToken) > 0)
                return false;
        }

        return true;
    }

    /// <returns>0 where every letter is replayed or discarded; else 1.</returns>
    private async Task<int> ReportAsync(bool done, IReadOnlyList<(DeadLetterBox Box, DeadLetterSummary Letter)> requested)
    {
        var open = 0;
        foreach (var (box, before) in requested)
        {
            var letter = (await box.FindAsync(before.Id))?.Summary;
            if (letter is { State: DeadLetterState.Waiting } or { IsRequested: true })
                open++;
            Console.Out.WriteLine(letter is null
                ? $"{before.Id}: replayed"
                : $"{before.Id}: {(letter.State == DeadLetterState.Waiting ? letter.Attempts > before.Attempts ? $"failed again: {letter.Reason}" : "left out; replay it by its id" : LetterLine.StateOf(letter))}");
        }

        var left = (await AllAsync(closed: false)).Count();
        Console.Out.WriteLine(left == 1 ? "1 dead letter is left." : $"{left:N0} dead letters are left.");
        if (!done)
            await Console.Error.WriteLineAsync($"Not carried out within {Patience.TotalSeconds:F0} s. The request stands: a host that runs the service carries it out.");
        return open == 0 ? 0 : 1;
    }

    private async Task<(DeadLetterBox Box, DeadLetterSummary Letter)> FindAsync(string id)
    {
        var found = (await AllAsync(closed: true)).Where(letter => letter.Letter.Id.ToString().EndsWith(id, StringComparison.OrdinalIgnoreCase)).ToArray();
        return found switch
        {
            [var letter] => letter,
            [] => throw new UserErrorException($"There is no dead letter '{id}'. 'dead-letters list' shows those that wait."),
            _ => throw new UserErrorException($"'{id}' is the end of {found.Length} ids. Give more of it."),
        };
    }

    private static async Task<Guid> HeadAsync(DeadLetterBox box, DeadLetterSummary parked) =>
        (await box.ListAsync()).First(letter => letter.Blocks && letter.Source == parked.Source && letter.Topic == parked.Topic && letter.Key == parked.Key).Id;

    private async Task<IEnumerable<(DeadLetterBox Box, DeadLetterSummary Letter)>> AllAsync(bool closed)
    {
        var all = new List<(DeadLetterBox Box, DeadLetterSummary Letter)>();
        foreach (var box in _boxes)
            all.AddRange((await box.ListAsync(closed)).Select(letter => (box, letter)));
        return all;
    }

    /// <summary>The ledger of a demo has letters of its own; its file is not made where there was none.</summary>
    private static Action<PlatformParts> Extend(PlatformOptions platform) =>
        platform.Postgres is not null || File.Exists(Path.Combine(platform.DataDirectory, "ledger.db")) ? DemoCommand.AddDemo : _ => { };
}
