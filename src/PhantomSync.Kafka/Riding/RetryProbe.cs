using MassTransit;

namespace PhantomSync.Kafka.Riding;

/// <summary>Looks through a pipe for MassTransit's own retry.</summary>
internal sealed class RetryProbe : ProbeContext
{
    public CancellationToken CancellationToken => CancellationToken.None;

    private bool Found { get; set; }

    public static bool IsIn(IProbeSite pipe)
    {
        var probe = new RetryProbe();
        pipe.Probe(probe);
        return probe.Found;
    }

    public void Add(string key, string value) => Found |= (key, value) is ("filterType", "retry");

    public void Add(string key, object value)
    {
    }

    public void Set(object values)
    {
    }

    public void Set(IEnumerable<KeyValuePair<string, object>> values)
    {
    }

    public ProbeContext CreateScope(string key) => this;
}
