using System.Buffers;
using System.Text.Encodings.Web;

namespace PhantomSync.Contracts.Wire;

/// <summary>
/// Escapes what serde_json escapes and nothing else: the quotation mark, the backslash and the
/// control characters below U+0020, the latter as <c>\b \f \n \r \t</c> or <c>\u00xx</c> in lower case.
/// </summary>
internal sealed unsafe class SerdeEncoder : JavaScriptEncoder
{
    private const string Escaped =
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\";

    private static readonly SearchValues<char> Chars = SearchValues.Create(Escaped);
    private static readonly SearchValues<byte> Bytes = SearchValues.Create([.. Escaped.Select(c => (byte)c)]);

    public static SerdeEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength) =>
        new ReadOnlySpan<char>(text, textLength).IndexOfAny(Chars);

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => utf8Text.IndexOfAny(Bytes);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var to = new Span<char>(buffer, bufferLength);
        var shorthand = unicodeScalar switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => '\0',
        };
        numberOfCharactersWritten = shorthand == '\0' ? 6 : 2;
        if (to.Length < numberOfCharactersWritten)
        {
            numberOfCharactersWritten = 0;
            return false;
        }
        to[0] = '\\';
        to[1] = shorthand == '\0' ? 'u' : shorthand;
        if (shorthand == '\0')
        {
            to[2] = to[3] = '0';
            to[4] = (char)('0' + (unicodeScalar >> 4));
            to[5] = "0123456789abcdef"[unicodeScalar & 0xf];
        }
        return true;
    }
}
