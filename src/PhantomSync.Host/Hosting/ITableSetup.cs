namespace PhantomSync.Host.Hosting;

/// <summary>The making of one service's tables.</summary>
internal interface ITableSetup
{
    /// <summary>Ends when the tables are there; fails where waiting is in vain.</summary>
    Task Done { get; }

    /// <summary>Why they are not there yet, in one line; null where nothing went wrong so far.</summary>
    string? Trouble { get; }
}
