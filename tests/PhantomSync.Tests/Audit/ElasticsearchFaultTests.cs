using System.Text;
using PhantomSync.Audit.Entries;
using PhantomSync.Audit.Indexing;
using PhantomSync.Audit.Search;
using PhantomSync.Contracts;
using PhantomSync.Kafka.Consuming;

namespace PhantomSync.Tests.Audit;

public sealed class ElasticsearchFaultTests : IAsyncDisposable
{
    private static readonly Timestamp SeenAt = Timestamp.Parse("2026-11-23T00:00:00Z");

    private readonly ElasticsearchStandIn _server = new();
    private readonly List<ElasticsearchAuditIndex> _made = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("row", "S15.27")]
    public async Task The_template_is_strict_and_there_before_the_first_index()
    {
        await Index().AddAsync([Entry()], Cancel);
        _server.Requests.ShouldBe(["PUT /_index_template/audit-logs", "POST /_bulk"]);
        var template = _server.Template("audit-logs").ShouldNotBeNull();
        ((string)template["template"]!["mappings"]!["dynamic"]!).ShouldBe("strict");
        ((string)template["index_patterns"]![0]!).ShouldBe("audit-logs-*");
    }

    [Fact]
    [Trait("row", "S15.25")]
    public async Task Entries_go_to_the_month_of_their_own_time_and_impossible_clocks_make_no_index()
    {
        await Index().AddAsync([Entry("2026-10-31T23:59:59Z"), Entry("2026-11-01T00:00:00Z"), Entry("2099-01-01T00:00:00Z"), Entry("0001-01-01T00:00:00Z")], Cancel);
        _server.Indices.ShouldBe(new Dictionary<string, int> { ["audit-logs-2026-10"] = 1, ["audit-logs-2026-11"] = 1, ["audit-logs-undated"] = 2 }, ignoreOrder: true);
    }

    [Fact]
    [Trait("row", "S15.23")]
    public async Task Documents_that_were_given_back_go_again_alone()
    {
        IndexedEntry[] entries = [Entry(), Entry(), Entry()];
        var tries = new Dictionary<string, int>();
        _server.OnDocument = id =>
        {
            tries[id] = tries.GetValueOrDefault(id) + 1;
            return id == entries[1].Entry.Id.ToString() && tries[id] < 3 ? (tries[id] == 1 ? 429 : 503, "es_rejected_execution_exception") : null;
        };
        await Index().AddAsync(entries, Cancel);
        entries.Select(entry => tries[entry.Entry.Id.ToString()]).ShouldBe([1, 3, 1]);
        _server.Indices.Values.Sum().ShouldBe(3);
    }

    [Fact]
    [Trait("row", "S15.22")]
    public async Task An_overloaded_server_makes_the_batch_wait()
    {
        _server.OnDocument = _ => (429, "es_rejected_execution_exception");
        var failure = await Should.ThrowAsync<HttpRequestException>(() => Index().AddAsync([Entry()], Cancel));
        new FailureClassifier([]).IsTransient(failure).ShouldBeTrue();
        failure.Message.ShouldContain("overloaded");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Whatever_is_the_clusters_fault_is_waited_out(int status)
    {
        _server.OnRequest = (_, path) => path == "/_bulk" ? status : null;
        var failure = await Should.ThrowAsync<HttpRequestException>(() => Index().AddAsync([Entry()], Cancel));
        new FailureClassifier([]).IsTransient(failure).ShouldBeTrue();
        failure.Message.ShouldContain($"{status}");
    }

    [Fact]
    [Trait("row", "S15.22"), Trait("row", "S15.23")]
    public async Task A_document_that_is_refused_for_good_is_told_from_the_others()
    {
        IndexedEntry[] entries = [Entry(), Entry(), Entry()];
        _server.OnDocument = id => id == entries[1].Entry.Id.ToString() ? (400, "document_parsing_exception") : null;
        var failure = await Should.ThrowAsync<DocumentRefusedException>(() => Index().AddAsync(entries, Cancel));
        new FailureClassifier([]).IsTransient(failure).ShouldBeFalse();
        failure.Message.ShouldContain("1 of 3");
        failure.Message.ShouldContain("document_parsing_exception");
        _server.Indices.Values.Sum().ShouldBe(2);

        // As the endpoint halves the batch: the others are in already.
        await Index().AddAsync([entries[0], entries[2]], Cancel);
        _server.Indices.Values.Sum().ShouldBe(2);
    }

    [Fact]
    public async Task A_request_that_is_too_long_is_halved()
    {
        _server.MaxBytes = 2_500;
        await Index().AddAsync([.. Enumerable.Range(0, 20).Select(_ => Entry())], Cancel);
        _server.Indices.Values.Sum().ShouldBe(20);
    }

    [Fact]
    public async Task Another_node_answers_where_one_is_away()
    {
        var dead = new ElasticsearchStandIn();
        await dead.DisposeAsync();
        await using var ill = new ElasticsearchStandIn { OnRequest = (_, _) => 503 };
        var index = Index(dead.Address, ill.Address, _server.Address);
        for (var i = 0; i < 6; i++)
            await index.AddAsync([Entry()], Cancel);
        _server.Indices.Values.Sum().ShouldBe(6);

        // Asked once; then it rests while the others answer.
        ill.Requests.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Where_all_nodes_are_away_each_is_named()
    {
        await _server.DisposeAsync();
        var failure = await Should.ThrowAsync<HttpRequestException>(() => Index().AddAsync([Entry()], Cancel));
        failure.StatusCode.ShouldBeNull();
        failure.Message.ShouldContain(_server.Address.Host);
    }

    [Fact]
    public async Task Keys_and_passwords_are_sent()
    {
        _server.Authorization = "ApiKey aWQ6a2V5";
        await Index(options => options.ApiKey = "aWQ6a2V5", _server.Address).AddAsync([Entry()], Cancel);
        _server.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("elastic:p@ss:word"));
        await Index(options => (options.UserName, options.Password) = ("elastic", "p@ss:word"), _server.Address).AddAsync([Entry()], Cancel);
        await Index(new UriBuilder(_server.Address) { UserName = "elastic", Password = "p%40ss%3Aword" }.Uri).AddAsync([Entry()], Cancel);
        (await Should.ThrowAsync<HttpRequestException>(() => Index().SearchAsync(new AuditQuery { TenantId = "acme" }, Cancel))).Message.ShouldContain("security_exception");
    }

    public async ValueTask DisposeAsync()
    {
        _made.ForEach(index => index.Dispose());
        await _server.DisposeAsync();
    }

    private ElasticsearchAuditIndex Index(params Uri[] nodes) => Index(_ => { }, nodes.Length == 0 ? [_server.Address] : nodes);

    private ElasticsearchAuditIndex Index(Action<ElasticsearchOptions> configure, params Uri[] nodes)
    {
        var options = new ElasticsearchOptions { Nodes = nodes, RetryInterval = TimeSpan.FromMilliseconds(1) };
        configure(options);
        var index = new ElasticsearchAuditIndex(new ElasticsearchClient(options, TimeProvider.System), options, TimeProvider.System);
        _made.Add(index);
        return index;
    }

    private static IndexedEntry Entry(string time = "2026-11-22T12:00:00Z")
    {
        var id = Guid.CreateVersion7();
        return new IndexedEntry(
            new AuditEntry
            {
                Id = id,
                TenantId = "acme",
                EventId = id,
                EventType = "ModelCreated",
                Timestamp = Timestamp.Parse(time),
                UserId = "alice",
                Action = "CREATE_MODEL",
                ResourceType = "ML_MODEL",
                ResourceId = "model-1",
                Result = AuditResult.Success,
                Details = "{}",
                SourceService = "models",
            },
            SeenAt);
    }
}
