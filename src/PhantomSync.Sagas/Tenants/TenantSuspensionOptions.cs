using System.ComponentModel.DataAnnotations;

namespace PhantomSync.Sagas.Tenants;

/// <summary>How patient the suspension saga is with services that do not answer.</summary>
public sealed class TenantSuspensionOptions
{
    /// <summary>After how long a service that has not answered is asked again; each further time takes twice as long. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReplyWithin { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two askings. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A service that has been asked so often in vain is flagged. It is asked on. Default 5.</summary>
    [Range(1, 1000)]
    public int FlagAfter { get; set; } = 5;
}
