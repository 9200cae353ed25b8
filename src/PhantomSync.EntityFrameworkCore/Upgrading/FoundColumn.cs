namespace PhantomSync.EntityFrameworkCore.Upgrading;

/// <summary>A column as the database has it.</summary>
/// <param name="FillsItself">An insert may leave it out although it is required: it has a default, or is generated.</param>
internal sealed record FoundColumn(string Type, bool IsRequired, bool FillsItself);
