namespace PhantomSync.EntityFrameworkCore;

/// <summary>A context whose tables need more than its model can say: triggers, or tables of the database's own kinds.</summary>
public interface ITableExtras
{
    /// <summary>Statements that <see cref="DatabaseTablesExtensions.EnsureTablesAsync"/> runs in the transaction that creates the tables, and at every start; they must be harmless when repeated.</summary>
    IEnumerable<string> TableExtras { get; }
}
