using PhantomSync.Audit.Indexing;

namespace PhantomSync.Tests.Audit;

/// <summary>Against the server that PHANTOM_ELASTICSEARCH names, else against a stand-in that takes its contract strictly.</summary>
public sealed class ElasticsearchAuditIndexTests : AuditIndexContract
{
    private ElasticsearchStandIn? _standIn;
    private ElasticsearchAuditIndex _index = null!;

    protected override Task<IAuditIndex> CreateAsync()
    {
        Uri node;
        if (Environment.GetEnvironmentVariable("PHANTOM_ELASTICSEARCH") is { Length: > 0 } given)
            node = new Uri(given);
        else
            node = (_standIn = new ElasticsearchStandIn()).Address;
        var options = new ElasticsearchOptions { Nodes = [node], Refresh = "wait_for", IndexPrefix = $"t{Guid.CreateVersion7():N}" };
        _index = new ElasticsearchAuditIndex(new ElasticsearchClient(options, TimeProvider.System), options, TimeProvider.System);
        return Task.FromResult<IAuditIndex>(_index);
    }

    protected override async Task CleanUpAsync()
    {
        await _index.ClearAsync(null, CancellationToken.None);
        _index.Dispose();
        if (_standIn is not null)
            await _standIn.DisposeAsync();
    }
}
