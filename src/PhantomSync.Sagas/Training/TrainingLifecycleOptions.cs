using System.ComponentModel.DataAnnotations;

namespace PhantomSync.Sagas.Training;

/// <summary>How patient the training saga is.</summary>
public sealed class TrainingLifecycleOptions
{
    /// <summary>A job that nothing was heard of for so long has stalled. Default one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan QuietLimit { get; set; } = TimeSpan.FromHours(1);
}
