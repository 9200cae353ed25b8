using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Search;
using PhantomSync.Contracts;
using PhantomSync.Tests.Contracts;

namespace PhantomSync.Tests.Audit;

/// <summary>What an audit index promises on whatever engine.</summary>
public abstract class AuditIndexContract : IAsyncLifetime
{
    /// <summary>Tenants of the test's own, where a server is shared.</summary>
    private readonly string _tenant = $"acme-{Guid.CreateVersion7():N}";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IAuditIndex Index { get; private set; } = null!;

    private IAuditSearch Search => (IAuditSearch)Index;

    protected static Timestamp SeenAt { get; } = Timestamp.Parse("2026-11-01T00:00:00Z");

    public async ValueTask InitializeAsync() => Index = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await CleanUpAsync();
    }

    [Fact]
    [Trait("row", "S15.33")]
    public async Task What_is_indexed_is_found_as_it_was()
    {
        AuditEntry[] entries = [.. Samples.All.Select((e, i) => AuditEntries.Of(
            e.WithMetadata(Samples.Metadata with { EventId = Guid.CreateVersion7(), OccurredAt = Timestamp.FromUnixMicroseconds(1_772_000_000_000_000 + i) }), EventCatalogue.Platform) with
        { TenantId = _tenant })];
        await AddAsync(entries);
        var found = await FindAsync(new AuditQuery { TenantId = _tenant });
        found.OrderBy(entry => entry.Id).ShouldBe(entries.OrderBy(entry => entry.Id).Select(entry => entry with { InboxKey = null }));
    }

    [Fact]
    [Trait("row", "S15.26")]
    public async Task Another_tenant_finds_nothing()
    {
        await AddAsync(Entry(1));
        (await FindAsync(new AuditQuery { TenantId = "globex" })).ShouldBeEmpty();
        (await FindAsync(new AuditQuery { TenantId = _tenant + "*" })).ShouldBeEmpty();
        (await FindAsync(new AuditQuery { TenantId = "globex", Text = "churn OR " + _tenant })).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => Search.SearchAsync(new AuditQuery { TenantId = " " }, Cancel));
    }

    [Theory]
    [InlineData("churn", "1 2")]
    [InlineData("CHURN model", "1 2")]
    [InlineData("\"churn model\"", "1")]
    [InlineData("\"model churn\"", "2")]
    [InlineData("chu*", "1 2")]
    [InlineData("hurn", "")]
    [InlineData("model-3", "3")]
    [InlineData("create_model", "1 2 3")]
    [InlineData("größe", "3")]
    [InlineData("grosse", "")]
    [InlineData("-churn", "1 2")]
    [InlineData("churn) OR (1=1", "")]
    [InlineData("***", "")]
    [InlineData("\"", "")]
    [InlineData("  ", "1 2 3")]
    [Trait("row", "S15.33")]
    public async Task Text_is_found_by_its_words(string text, string found)
    {
        await AddAsync(
            Entry(1) with { Details = """{"model_name":"Churn model"}""" },
            Entry(2) with { Details = """{"a":{"b":["a model: churn"]}}""" },
            Entry(3) with { Details = """{"name":"Größe"}""" });
        Numbers(await FindAsync(new AuditQuery { TenantId = _tenant, Text = text })).Order().ShouldBe(found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
    }

    [Fact]
    [Trait("row", "S15.33")]
    public async Task Each_field_narrows_the_search()
    {
        var correlation = Guid.CreateVersion7();
        await AddAsync(
            Entry(1),
            Entry(2) with { UserId = "bob smith" },
            Entry(3) with { Action = "DELETE_MODEL", CorrelationId = correlation },
            Entry(4) with { ResourceType = "TENANT" },
            Entry(5) with { Result = "Failure" });
        async Task Finds(AuditQuery query, params int[] numbers) => Numbers(await FindAsync(query)).ShouldBe(numbers);
        var all = new AuditQuery { TenantId = _tenant };
        await Finds(all, 5, 4, 3, 2, 1);
        await Finds(all with { UserId = "bob smith" }, 2);
        await Finds(all with { UserId = "bob" });
        await Finds(all with { Action = "DELETE_MODEL" }, 3);
        await Finds(all with { CorrelationId = correlation }, 3);
        await Finds(all with { ResourceType = "TENANT" }, 4);
        await Finds(all with { ResourceId = "model-1" }, 1);
        await Finds(all with { Result = "Failure" }, 5);
        await Finds(all with { From = At(2), To = At(4) }, 3, 2);
        await Finds(all with { From = At(2), Result = "Success", Text = "model" }, 4, 3, 2);
    }

    [Fact]
    [Trait("row", "S15.33")]
    public async Task Pages_follow_each_other_without_gap_or_repetition_also_at_equal_times()
    {
        await AddAsync([.. Enumerable.Range(0, 23).Select(i => Entry(i) with { Timestamp = At(i / 5) })]);
        var seen = new List<AuditEntry>();
        var query = new AuditQuery { TenantId = _tenant, PageSize = 5, Text = "model" };
        for (var pages = 0; ; pages++)
        {
            var page = await Search.SearchAsync(query, Cancel);
            seen.AddRange(page.Entries);
            if (page.Next is null)
            {
                pages.ShouldBe(4);
                break;
            }

            page.Entries.Count.ShouldBe(5);

            // What is added on top while somebody reads moves nothing.
            if (pages == 1)
                await AddAsync(Entry(99) with { Timestamp = At(99) });
            query = query with { After = page.Next };
        }

        seen.Count.ShouldBe(23);
        seen.DistinctBy(entry => entry.Id).Count().ShouldBe(23);
        seen.Select(entry => entry.Timestamp.UnixMicroseconds).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task A_query_that_is_not_valid_says_what_to_change()
    {
        var query = new AuditQuery { TenantId = _tenant };
        (await Should.ThrowAsync<ArgumentException>(() => Search.SearchAsync(query with { After = "no cursor" }, Cancel))).Message.ShouldContain("cursor");
        (await Should.ThrowAsync<ArgumentException>(() => Search.SearchAsync(query with { PageSize = 0 }, Cancel))).Message.ShouldContain("1 to 1000");
        (await Should.ThrowAsync<ArgumentException>(() => Search.SearchAsync(query with { Text = new string('x', 257) }, Cancel))).Message.ShouldContain("256");
    }

    [Fact]
    [Trait("row", "S15.24")]
    public async Task Indexing_again_changes_nothing_and_replacing_does()
    {
        var entry = Entry(1);
        await AddAsync(entry, Entry(2));
        await AddAsync(entry with { UserId = "mallory" }, Entry(3));
        (await FindAsync(new AuditQuery { TenantId = _tenant, ResourceId = "model-1" })).ShouldBe([entry]);

        await Index.ReplaceAsync(new IndexedEntry(entry.WithoutPayload(), SeenAt), Cancel);
        (await FindAsync(new AuditQuery { TenantId = _tenant, ResourceId = "model-1" })).ShouldBe([entry.WithoutPayload()]);
        (await FindAsync(new AuditQuery { TenantId = _tenant, Text = "alice" })).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_month_can_be_cleared_and_so_can_everything()
    {
        await Index.ClearAsync(null, Cancel);
        await AddAsync(Entry(1), Entry(2) with { Timestamp = Timestamp.Parse("2026-02-01T00:00:00Z") }, Entry(3) with { Timestamp = Timestamp.Parse("2099-01-01T00:00:00Z") });
        await Index.ClearAsync("2026-02", Cancel);
        await Index.ClearAsync("2026-01", Cancel);
        Numbers(await FindAsync(new AuditQuery { TenantId = _tenant })).ShouldBe([3, 1]);
        await Index.ClearAsync(null, Cancel);
        (await FindAsync(new AuditQuery { TenantId = _tenant })).ShouldBeEmpty();
    }

    protected abstract Task<IAuditIndex> CreateAsync();

    protected abstract Task CleanUpAsync();

    protected AuditEntry Entry(int number) => new()
    {
        Id = Guid.CreateVersion7(),
        TenantId = _tenant,
        EventId = Guid.CreateVersion7(),
        EventType = "ModelCreated",
        Timestamp = At(number),
        UserId = "alice",
        Action = "CREATE_MODEL",
        ResourceType = "ML_MODEL",
        ResourceId = $"model-{number}",
        Result = AuditResult.Success,
        Details = """{"ratio":1.0,"big":1E3}""",
        SourceService = "models",
    };

    protected Task AddAsync(params AuditEntry[] entries) => Index.AddAsync([.. entries.Select(entry => new IndexedEntry(entry, SeenAt))], Cancel);

    protected async Task<IReadOnlyList<AuditEntry>> FindAsync(AuditQuery query) => (await Search.SearchAsync(query, Cancel)).Entries;

    private static Timestamp At(int number) => Timestamp.FromUnixMicroseconds(1_772_323_200_000_000 + number);

    private static IEnumerable<int> Numbers(IEnumerable<AuditEntry> entries) => entries.Select(entry => int.Parse(entry.ResourceId["model-".Length..]));
}
