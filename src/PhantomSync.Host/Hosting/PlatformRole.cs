namespace PhantomSync.Host.Hosting;

/// <summary>What a process does with the platform's data.</summary>
internal enum PlatformRole
{
    /// <summary>It runs the services.</summary>
    Services,

    /// <summary>It takes records in and relays them.</summary>
    Publisher,

    /// <summary>It only looks, beside the process that works with the data; its host is never started.</summary>
    Reader,
}
