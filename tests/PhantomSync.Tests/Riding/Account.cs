namespace PhantomSync.Tests.Riding;

/// <summary>A row that several change at once.</summary>
public sealed class Account
{
    public required string Name { get; init; }

    public int Balance { get; set; }
}
