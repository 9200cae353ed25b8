namespace PhantomSync.Contracts;

/// <summary>What is wrong with a record or an event. Names and numbers stay the same from version to version.</summary>
public enum WireFormatError
{
    /// <summary>There are no bytes, or only white space.</summary>
    Empty = 1,

    /// <summary>The bytes are not UTF-8.</summary>
    InvalidUtf8 = 2,

    /// <summary>The record begins with a byte order mark.</summary>
    ByteOrderMark = 3,

    /// <summary>The record ends in the middle.</summary>
    Truncated = 4,

    /// <summary>Something follows the record.</summary>
    TrailingData = 5,

    /// <summary>The bytes are not JSON.</summary>
    InvalidJson = 6,

    /// <summary>Objects and arrays are nested more than 64 levels deep.</summary>
    TooDeep = 7,

    /// <summary>An object has two members of the same name.</summary>
    DuplicateKey = 8,

    /// <summary>A field that must be there is not.</summary>
    MissingField = 9,

    /// <summary>A value is of another kind than its field, such as a string for a number.</summary>
    WrongType = 10,

    /// <summary>A number does not fit its field: too large, negative, or with a fraction.</summary>
    NumberOutOfRange = 11,

    /// <summary>NaN or an infinity where the wire form cannot carry it.</summary>
    NonFinite = 12,

    /// <summary>A string holds NUL or half of a surrogate pair.</summary>
    InvalidString = 13,

    /// <summary>A string is not a UUID, or is the nil UUID.</summary>
    InvalidUuid = 14,

    /// <summary>A string is not an RFC 3339 time.</summary>
    InvalidTimestamp = 15,

    /// <summary>An id is empty, too long, padded with white space, or holds control characters.</summary>
    InvalidIdentifier = 16,

    /// <summary>The event type is not in the catalogue.</summary>
    UnknownEventType = 17,

    /// <summary>The value is none of those the field may have.</summary>
    UnknownVariant = 18,

    /// <summary>The tenant of the event and the tenant of its metadata differ.</summary>
    TenantMismatch = 19,

    /// <summary>A batch size or delay is outside its limits.</summary>
    LimitExceeded = 20,

    /// <summary>The event has no metadata yet.</summary>
    MetadataNotSet = 21,

    /// <summary>The type of the event refused the value.</summary>
    InvalidValue = 22,
}
