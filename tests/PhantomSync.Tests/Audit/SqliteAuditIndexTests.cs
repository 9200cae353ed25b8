using Microsoft.EntityFrameworkCore;
using PhantomSync.Audit;
using PhantomSync.Audit.Indexing;
using PhantomSync.EntityFrameworkCore;

namespace PhantomSync.Tests.Audit;

public sealed class SqliteAuditIndexTests : AuditIndexContract
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("phantom-fts-");
    private AuditIndexDbContext _context = null!;

    protected override async Task<IAuditIndex> CreateAsync()
    {
        _context = new AuditIndexDbContext(new DbContextOptionsBuilder<AuditIndexDbContext>()
            .UseSqlite($"Data Source={Path.Combine(_directory.FullName, "index.db")};Pooling=False").Options);
        await _context.EnsureTablesAsync();
        return new SqliteAuditIndex(_context);
    }

    protected override async Task CleanUpAsync()
    {
        await _context.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
