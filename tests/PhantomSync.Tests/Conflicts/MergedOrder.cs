using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PhantomSync.Conflicts;
using PhantomSync.Conflicts.Detecting;

namespace PhantomSync.Tests.Conflicts;

/// <summary>The resource that docs/conflicts.md shows.</summary>
public sealed class MergedOrder : IMergedResource
{
    public string ResourceType => "ORDER";

    public async Task ApplyAsync(DbContext owner, ResourceKey resource, MergedState state, CancellationToken cancellationToken)
    {
        var order = await owner.FindAsync<Order>([resource.TenantId, resource.ResourceId], cancellationToken)
            ?? owner.Add(new Order { TenantId = resource.TenantId, OrderId = resource.ResourceId }).Entity;
        if (state.Fields.TryGetValue("status", out var status))
            order.Status = status.Value.GetString();
        if (state.Fields.TryGetValue("price", out var price))
            order.Price = price.Value.GetInt32();
    }

    public string? ExpectedInstead(string field, JsonElement value) =>
        field == "price" && value.ValueKind != JsonValueKind.Number ? "a number" : null;
}
