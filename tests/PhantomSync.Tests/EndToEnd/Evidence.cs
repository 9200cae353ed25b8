namespace PhantomSync.Tests.EndToEnd;

/// <summary>
/// The verdict on what demos have left behind, reached without their help: from the rows of the databases, with other code and
/// other queries than the demo's own.
/// </summary>
internal static class Evidence
{
    /// <summary>Every committed event was applied once and in the order of its key, and every change has its event.</summary>
    /// <returns>How many events there were.</returns>
    public static int ShouldBeSound(DemoBed bed)
    {
        var published = bed.Read("platform", """SELECT "Sequence", "EventId", "EventType", "Key" FROM published_events ORDER BY "Sequence" """, row => (Sequence: row.GetInt64(0), Id: row.GetGuid(1), Type: row.GetString(2), Key: row.GetString(3)));
        var versions = bed.Read("registry", "SELECT tenant_id, model_id, number, job_id, announced_by FROM model_versions", row => (Tenant: row.GetString(0), Model: row.GetString(1), Number: row.GetInt32(2), Job: row.GetString(3), Announced: row.GetGuid(4)));
        var applied = bed.Read("ledger", """SELECT "EventId", "Key" FROM applied_events ORDER BY "Sequence" """, row => (Id: row.GetGuid(0), Key: row.GetString(1)));

        var committed = published.Select(e => e.Id).Concat(versions.Select(v => v.Announced)).ToHashSet();
        committed.Count.ShouldBe(published.Count + versions.Count, "every event has an id of its own");
        applied.GroupBy(a => a.Id).Where(times => times.Count() > 1).Select(times => times.Key).ShouldBeEmpty("applied twice");
        committed.Except(applied.Select(a => a.Id)).ShouldBeEmpty("lost");
        applied.Select(a => a.Id).Except(committed).ShouldBeEmpty("applied but never committed");

        var positions = applied.Select((a, index) => (a.Id, index)).ToDictionary(a => a.Id, a => a.index);
        published.GroupBy(e => e.Key).Where(key => Descends(key.Select(e => positions[e.Id]))).Select(key => key.Key).ShouldBeEmpty("keys out of order");
        versions.GroupBy(v => (v.Tenant, v.Model)).Where(model => Descends(model.OrderBy(v => v.Number).Select(v => positions[v.Announced]))).Select(model => model.Key).ShouldBeEmpty("versions announced out of order");

        // What the registry made of it (S13.05, killed between version and announcement, too): a version per completed job, numbered without gaps in the order in which the jobs ended.
        var completed = bed.Read("platform", """SELECT "TenantId", "JobId" FROM training_jobs WHERE "Status" = 'completed'""", row => (row.GetString(0), row.GetString(1)));
        completed.Count.ShouldBe(published.Count(e => e.Type == "TrainingJobCompleted"), "each completed job has its event");
        versions.Select(v => (v.Tenant, v.Job)).ShouldBe(completed, ignoreOrder: true, "each completed job has one version");
        versions.GroupBy(v => (v.Tenant, v.Model)).Where(model => !model.Select(v => v.Number).Order().SequenceEqual(Enumerable.Range(1, model.Count()))).Select(model => model.Key).ShouldBeEmpty("version numbers with gaps");

        // Domain rows and events were committed together or not at all.
        var byKind = published.GroupBy(e => (e.Key, e.Type)).ToDictionary(group => group.Key, group => group.Count());
        var inferences = published.Where(e => e.Type == "InferenceCompleted").ToLookup(e => string.Join(':', e.Key.Split(':').Take(2)));
        var models = bed.Read("platform", """SELECT "TenantId", "ModelId", "Revision", "Inferences" FROM models""", row => (Tenant: row.GetString(0), Id: row.GetString(1), Revision: row.GetInt32(2), Inferences: row.GetInt64(3)));
        models.ShouldNotBeEmpty();
        foreach (var model in models)
        {
            byKind.GetValueOrDefault(($"{model.Tenant}:{model.Id}", "ModelUpdated")).ShouldBe(model.Revision, model.Id);
            inferences[$"{model.Tenant}:{model.Id}"].Count().ShouldBe((int)model.Inferences, model.Id);
        }

        foreach (var service in new[] { "platform", "registry", "ledger" })
            bed.Read(service, "SELECT reason FROM dead_letter", row => row.GetString(0)).ShouldBeEmpty($"dead letters of {service}");
        return committed.Count;
    }

    private static bool Descends(IEnumerable<int> positions) => positions.Zip(positions.Skip(1)).Any(pair => pair.First >= pair.Second);
}
