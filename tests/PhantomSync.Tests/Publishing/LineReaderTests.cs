using System.Text;
using CsCheck;
using PhantomSync.Host.Publishing;

namespace PhantomSync.Tests.Publishing;

public sealed class LineReaderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_keep_their_bytes_and_numbers_however_they_end()
    {
        var lines = await ReadAsync("\uFEFFone\r\n\n  two\nthree\u00e9"u8.ToArray(), limit: 100, chunk: 4);
        lines.Select(line => (line.Number, Encoding.UTF8.GetString(line.Content!), line.IsBlank))
            .ShouldBe([(1, "one", false), (2, "", true), (3, "  two", false), (4, "three\u00e9", false)]);
    }

    [Fact]
    public async Task Of_a_line_that_is_too_long_only_its_length_is_kept()
    {
        var input = Encoding.UTF8.GetBytes(new string('x', 10) + "\n" + new string('y', 11) + "\n" + new string('z', 3_000_000) + "\n" + new string('e', 11));
        var lines = await ReadAsync(input, limit: 10, chunk: 65_536);
        lines.Select(line => (line.Content is null, line.Length)).ShouldBe([(false, 10), (true, 11), (true, 3_000_000), (true, 11)]);
    }

    [Fact]
    public void What_is_read_in_pieces_of_any_size_is_what_was_written() =>
        Gen.Select(Gen.String[Gen.Char["ab \r\u00e9"], 0, 12].Array[0, 8], Gen.Int[1, 20], Gen.Bool).Sample((texts, chunk, ended) =>
        {
            var expected = texts.Select(text => text.EndsWith('\r') ? text[..^1] : text).ToList();
            if (!ended && texts.Length > 0 && texts[^1].Length == 0)
                expected.RemoveAt(expected.Count - 1);
            var input = Encoding.UTF8.GetBytes(string.Join('\n', texts) + (ended && texts.Length > 0 ? "\n" : ""));
            var read = ReadAsync(input, limit: 100, chunk).GetAwaiter().GetResult();
            return read.Select(line => Encoding.UTF8.GetString(line.Content!)).SequenceEqual(expected);
        });

    private static async Task<List<Line>> ReadAsync(byte[] input, int limit, int chunk)
    {
        await using var reader = new LineReader(new Trickle(input, chunk), limit);
        var lines = new List<Line>();
        do
        {
            while (reader.TryNext(out var line))
                lines.Add(line);
        }
        while (await reader.ReadAsync(Cancel));
        return lines;
    }

    /// <summary>Gives its bytes in small pieces.</summary>
    private sealed class Trickle(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
