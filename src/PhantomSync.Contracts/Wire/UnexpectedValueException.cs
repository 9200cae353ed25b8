using System.Text.Json;

namespace PhantomSync.Contracts.Wire;

/// <summary>What a converter objects to; the serializer adds the path, the reader makes a <see cref="WireFormatException"/> of it.</summary>
internal sealed class UnexpectedValueException(WireFormatError code, string expected, string found, string member = "")
    : JsonException($"expected {expected}, found {found}")
{
    public WireFormatError Code => code;

    public string Expected => expected;

    public string Found => found;

    /// <summary>The path below the value the converter was given.</summary>
    public string Member => member;

    /// <summary>The value that the reader stands on is not what the field holds.</summary>
    public static UnexpectedValueException At(ref Utf8JsonReader reader, WireFormatError code, string expected, string member = "") =>
        new(code, expected, FoundValue.Describe(ref reader), member);

    /// <summary>The value that the reader stands on is a number that does not fit, or no number at all.</summary>
    public static UnexpectedValueException Number(ref Utf8JsonReader reader, string expected) => At(
        ref reader,
        reader.TokenType == JsonTokenType.Number ? WireFormatError.NumberOutOfRange : WireFormatError.WrongType,
        expected);
}
