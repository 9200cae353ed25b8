using System.Diagnostics;

namespace PhantomSync.Tests.EndToEnd;

[Collection(nameof(Fire))]
public sealed class FullDisk
{
    [Fact]
    [Trait("row", "F17")]
    public async Task A_full_disk_stops_the_work_and_loses_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts a small tmpfs");
        using var bed = new DemoBed();
        Directory.CreateDirectory(bed.DataDirectory);
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", bed.DataDirectory) == 0, "mounting a tmpfs needs root and a kernel that lets it");
        try
        {
            await using var host = bed.Demo(events: 1_000, rate: 150);
            await bed.ReachesAsync(host, run => run.GetProperty("handled").GetInt64() > 200, "events flow");
            var ballast = Path.Combine(bed.DataDirectory, "ballast");
            Fill(ballast);
            await host.SaysAsync("cannot commit");
            var stuck = bed.LastStats(host.Id)!.Value.GetProperty("published").GetInt64();
            stuck.ShouldBeLessThan(1_000);
            File.Delete(ballast);

            (await host.ExitsAsync(180)).ShouldBe(0, host.Story);
            TestContext.Current.TestOutputHelper!.WriteLine(host.Story);
            Evidence.ShouldBeSound(bed).ShouldBeGreaterThan(1_000);
            host.Errors.ShouldContain("full");
        }
        finally
        {
            await RunAsync("umount", "-l", bed.DataDirectory);
        }
    }

    /// <summary>Down to the last byte: what the databases free meanwhile is taken too.</summary>
    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[64 * 1024]; block.Length > 0;)
        {
            try
            {
                file.Write(block);
            }
            catch (IOException)
            {
                block = new byte[block.Length / 2];
            }
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
