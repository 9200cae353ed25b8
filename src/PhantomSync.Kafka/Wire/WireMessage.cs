namespace PhantomSync.Kafka.Wire;

/// <summary>One kind of record: its name on the wire, the CLR type it becomes, and the topic it travels on.</summary>
/// <param name="Name">The wire name, carried in the <c>event_type</c> header.</param>
/// <param name="MessageType">The CLR type that consumers handle. It never appears on the wire.</param>
/// <param name="Topic">The topic.</param>
public sealed record WireMessage(string Name, Type MessageType, string Topic);
