using System.ComponentModel.DataAnnotations;
using System.Diagnostics;

namespace PhantomSync.Kafka.Embedded;

/// <summary>The broker that a host brings along.</summary>
public sealed class EmbeddedBrokerOptions
{
    /// <summary>A fixed port on 127.0.0.1, so that tools such as kcat find it. Default: a free one, which changes with every start.</summary>
    [Range(1, 65535)]
    public int? Port { get; set; }

    /// <summary>The command that runs <see cref="BrokerServer"/>. Default: this program again, with the verb <c>broker</c>.</summary>
    public Func<ProcessStartInfo>? Command { get; set; }
}
