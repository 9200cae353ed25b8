using PhantomSync.Host.Conflicts;
using PhantomSync.Host.Hosting;

namespace PhantomSync.Tests.Conflicts;

/// <summary>What <c>conflicts resolve</c> makes of its options.</summary>
[Trait("row", "S16.15")]
public sealed class ResolveWordsTests
{
    [Theory]
    [InlineData(null, null, "Fourth", "r", "this is not JSON")]
    [InlineData(null, "name", null, "r", "'name' is not FIELD=CHANGE")]
    [InlineData(null, "name=", null, "r", "'name=' is not FIELD=CHANGE")]
    [InlineData(null, "name=a,name=b", null, "r", "'name' is given twice")]
    [InlineData(null, null, null, "r", "Give one of --choose")]
    [InlineData("a", null, "7", "r", "Give one of --choose")]
    [InlineData(null, null, "7", " ", "--reason is empty")]
    public void What_is_no_decision_is_refused(string? choose, string? merge, string? value, string reason, string message) =>
        Should.Throw<UserErrorException>(() => new ResolveWords(choose, merge, value, "alice", reason).Read(["name"])).Message.ShouldContain(message);

    [Fact]
    public void A_value_for_two_fields_is_an_object() =>
        Should.Throw<UserErrorException>(() => new ResolveWords(null, null, "7", "alice", "r").Read(["name", "status"])).Message.ShouldContain("2 fields are in dispute (name, status)");

    [Fact]
    public void A_bare_value_is_that_of_the_one_field_in_dispute() =>
        new ResolveWords(null, null, "\"x\"", "alice", "r").Read(["name"]).Values!["name"].GetString().ShouldBe("x");

    [Fact]
    public void A_merge_names_a_change_for_each_field() =>
        new ResolveWords(null, "name=a, status=b", null, "alice", "r").Read(["name", "status"]).Merge.ShouldBe(new Dictionary<string, string> { ["name"] = "a", ["status"] = "b" }, ignoreOrder: true);
}
