using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace PhantomSync.Contracts.Wire;

/// <summary>
/// One pass over a record that finds its two parts, hashes what it says, and refuses whatever is wrong with it as JSON:
/// after it, only the values of the fields can still be wrong.
/// </summary>
internal ref struct RecordScan
{
    private static readonly SearchValues<byte> Exponent = SearchValues.Create("eE"u8);

    private readonly ReadOnlySpan<byte> _utf8;
    private Utf8JsonReader _reader;
    private Part _part;
    private int _eventTypeStart;
    private Range _data;
    private JsonTokenType _dataKind;

    private RecordScan(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        _reader = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = WireJson.MaxDepth + 2 }));
        _eventTypeStart = -1;
    }

    private enum Part : byte
    {
        Other,
        EventType,
        Data,
    }

    /// <summary>Where the parts of a sound record are.</summary>
    /// <exception cref="WireFormatException">The record is not sound.</exception>
    public static RecordParts Of(ReadOnlySpan<byte> utf8)
    {
        CheckBytes(utf8);
        var scan = new RecordScan(utf8);
        var names = MemberNames.Rent();
        var hasher = ContentHasher.Rent();
        try
        {
            return scan.Run(names, hasher);
        }
        catch (JsonException e)
        {
            throw new WireFormatException(WireFormatError.InvalidJson, RecordPath.At(utf8, scan._reader.BytesConsumed), "JSON", Printable.Cut(Reason(e, scan._reader.BytesConsumed), 200), e);
        }
        finally
        {
            names.Return();
            hasher.Return();
        }
    }

    /// <summary>The parser's words, with the place counted from the record's beginning instead of its own lines.</summary>
    private static string Reason(JsonException exception, long at)
    {
        var place = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"{(place < 0 ? exception.Message : exception.Message[..place]).TrimEnd('.')} at byte {at}";
    }

    private static void CheckBytes(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            throw new WireFormatException(WireFormatError.ByteOrderMark, "", "an object", "a byte order mark");
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new WireFormatException(WireFormatError.Empty, "", "an object", utf8.IsEmpty ? "no bytes" : "only white space");
        if (!Utf8.IsValid(utf8))
            throw new WireFormatException(WireFormatError.InvalidUtf8, "", "UTF-8", $"invalid bytes at offset {FirstInvalid(utf8)}");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (System.Text.Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done)
            at += length;
        return at;
    }

    private RecordParts Run(MemberNames names, ContentHasher hasher)
    {
        Advance();
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Refuse(WireFormatError.WrongType, "an object", FoundValue.Describe(ref _reader));
        names.Enter(0);
        hasher.Take(ref _reader, inData: false);
        do
        {
            Advance();
            Visit(names);
            hasher.Take(ref _reader, _part == Part.Data);
        }
        while (_reader.CurrentDepth > 0 || _reader.TokenType != JsonTokenType.EndObject);
        if (_utf8[(int)_reader.BytesConsumed..].IndexOfAnyExcept(" \t\r\n"u8) >= 0)
        {
            throw new WireFormatException(
                WireFormatError.TrailingData, "", "the end of the record", $"more bytes at offset {_reader.BytesConsumed}");
        }
        return new RecordParts(_eventTypeStart, _data, _dataKind, hasher.Result);
    }

    private void Advance()
    {
        if (_reader.Read())
            return;
        throw new WireFormatException(
            WireFormatError.Truncated, RecordPath.At(_utf8, _utf8.Length), "the rest of the record", $"its end after {_utf8.Length} bytes");
    }

    private void Visit(MemberNames names)
    {
        var depth = _reader.CurrentDepth;
        switch (_reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                CheckText();
                if (!names.Add(depth - 1, ref _reader, _utf8))
                    throw Refuse(WireFormatError.DuplicateKey, "each name once", "it again");
                if (depth == 1)
                    _part = _reader.ValueTextEquals("data"u8) ? Part.Data : _reader.ValueTextEquals("event_type"u8) ? Part.EventType : Part.Other;
                return;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (depth >= WireJson.MaxDepth)
                    throw Refuse(WireFormatError.TooDeep, $"at most {WireJson.MaxDepth} levels", "one more");
                if (_reader.TokenType == JsonTokenType.StartObject)
                    names.Enter(depth);
                break;
            case JsonTokenType.EndObject when depth > 0:
                names.Leave(depth);
                break;
            case JsonTokenType.String:
                CheckText();
                break;
            case JsonTokenType.Number:
                CheckNumber();
                break;
        }
        if (depth == 1)
            Note();
    }

    /// <summary>Notes where a member of the record begins and ends.</summary>
    private void Note()
    {
        if (_part == Part.EventType && _eventTypeStart < 0)
            _eventTypeStart = (int)_reader.TokenStartIndex;
        if (_part != Part.Data)
            return;
        if (_dataKind == JsonTokenType.None)
        {
            _dataKind = _reader.TokenType;
            _data = (int)_reader.TokenStartIndex..;
        }
        _data = _data.Start..(int)_reader.BytesConsumed;
    }

    private void CheckText()
    {
        if (_reader.ValueIsEscaped && !StringRules.EscapesAreSound(_reader.ValueSpan))
            throw Refuse(WireFormatError.InvalidString, StringRules.Expected, FoundValue.Describe(ref _reader));
    }

    /// <summary>Numbers that no double can hold are refused everywhere: no other reader of the record takes them.</summary>
    private void CheckNumber()
    {
        var text = _reader.ValueSpan;
        if ((text.Length < 4 || text.IndexOfAny(Exponent) < 0) && text.Length < 300)
            return;
        if (!_reader.TryGetDouble(out var value) || !double.IsFinite(value))
            throw Refuse(WireFormatError.NumberOutOfRange, "a number that a double can hold", FoundValue.Describe(ref _reader));
    }

    private readonly WireFormatException Refuse(WireFormatError code, string expected, string found) =>
        new(code, RecordPath.At(_utf8, _reader.TokenStartIndex), expected, found);
}
