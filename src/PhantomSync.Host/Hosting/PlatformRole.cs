namespace PhantomSync.Host.Hosting;

/// <summary>What a process does with the platform's data.</summary>
internal enum PlatformRole
{
    /// <summary>It runs every service. On the embedded broker an event is forgotten once the services at work have handled it, so whoever takes real events in has to.</summary>
    Platform,

    /// <summary>It runs the registry and what its command adds.</summary>
    Services,

    /// <summary>It takes records in and relays them.</summary>
    Publisher,

    /// <summary>It only looks, beside the process that works with the data; its host is never started.</summary>
    Reader,
}
