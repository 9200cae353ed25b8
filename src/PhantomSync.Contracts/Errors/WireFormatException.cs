namespace PhantomSync.Contracts;

/// <summary>A record that cannot be read, or an event that cannot be written. Trying again does not help.</summary>
public sealed class WireFormatException : Exception
{
    /// <summary>Says what is wrong, where, and what should be there.</summary>
    public WireFormatException(WireFormatError code, string field, string expected, string found, Exception? inner = null)
        : base($"{(field.Length == 0 ? "record" : field)}: expected {expected}, found {found}", inner)
    {
        Code = code;
        Field = field;
        Expected = expected;
        Found = found;
    }

    /// <summary>What is wrong, for a program.</summary>
    public WireFormatError Code { get; }

    /// <summary>Where, as a path such as <c>data.sync_metadata.event_id</c>; empty for the record as a whole.</summary>
    public string Field { get; }

    /// <summary>What was found there: its kind and the beginning of its value.</summary>
    public string Found { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }

    /// <summary>The event type of the record, as far as it was understood; also when no catalogue knows it.</summary>
    public string? EventType { get; internal set; }
}
