using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using PhantomSync.Contracts;
using PhantomSync.Sample;
using PhantomSync.Tests.Contracts;

namespace PhantomSync.Tests.Extending;

/// <summary>The page cannot rot: what it shows is the sample's own text.</summary>
public sealed partial class ExtendingPageTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));
    private static readonly string Sample = Path.Combine(Root, "tests", "PhantomSync.Sample");

    /// <summary>A file's name in a line of its own, then a block.</summary>
    [GeneratedRegex(@"^`(?<file>[^`\n]+)`\n\n```\w+\n(?<code>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex NamedBlock();

    [GeneratedRegex(@"^```\w+$", RegexOptions.Multiline, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex AnyBlock();

    [Fact]
    public void Every_block_of_the_page_stands_in_the_file_that_it_names()
    {
        var page = Page();
        var blocks = NamedBlock().Matches(page);
        blocks.Count.ShouldBe(AnyBlock().Count(page), "Every block has the name of its file above it.");
        blocks.Count.ShouldBeGreaterThan(5);
        foreach (Match block in blocks)
            Text(block.Groups["file"].Value).ShouldContain(block.Groups["code"].Value, Case.Sensitive, $"docs/extending.md shows of {block.Groups["file"].Value} what is not in it.");
    }

    [Fact]
    public void What_the_page_links_to_exists()
    {
        foreach (var link in Links().Matches(Page()).Select(match => match.Groups["path"].Value))
            Path.Exists(Path.Combine(Root, "docs", link)).ShouldBeTrue(link);
    }

    [Fact]
    public void The_samples_event_is_written_and_read_as_its_golden_file()
    {
        var golden = File.ReadAllBytes(Path.Combine(Sample, "ModelReviewed.json"));
        var reviewed = new ModelReviewed
        {
            TenantId = "acme",
            ModelId = "fraud",
            Version = "v3",
            Approved = true,
            ReviewedBy = "carol",
            SyncMetadata = Samples.Metadata with
            {
                SourceService = "reviews",
                SourceVersion = "1.0.0",
                OccurredAt = Timestamp.Parse("2026-03-01T12:34:56Z"),
                CorrelationId = null,
                TenantId = "acme",
                IdempotencyKey = "reviews:0198c0de-0000-7000-8000-000000000001",
            },
        };
        Encoding.UTF8.GetString(ReviewEvents.Catalogue.Write(reviewed)).ShouldBe(Encoding.UTF8.GetString(golden));
        ReviewEvents.Catalogue.Read(golden).ShouldBe(reviewed);
    }

    [GeneratedRegex(@"\]\((?<path>\.\.?/[^)#]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Links();

    private static string Page() => File.ReadAllText(Path.Combine(Root, "docs", "extending.md"));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Sample, file));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
