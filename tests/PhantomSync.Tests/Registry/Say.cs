using System.Text.Json;
using PhantomSync.Contracts;

namespace PhantomSync.Tests.Registry;

/// <summary>Events in few words.</summary>
internal static class Say
{
    public static ModelCreated Created(string tenant, string model, string name = "Churn") => RegistryBed.From(new ModelCreated
    {
        TenantId = tenant,
        ModelId = model,
        Name = name,
        ModelType = "classification",
        Algorithm = "xgboost",
        CreatedBy = "alice",
    });

    public static ModelUpdated Updated(string tenant, string model, string from, string to, params (string Name, string Value)[] changes) => RegistryBed.From(new ModelUpdated
    {
        TenantId = tenant,
        ModelId = model,
        PreviousVersion = from,
        NewVersion = to,
        Changes = changes.ToDictionary(change => change.Name, change => JsonSerializer.SerializeToElement(change.Value)),
        UpdatedBy = "bob",
    });

    public static ModelDeleted Deleted(string tenant, string model) => RegistryBed.From(new ModelDeleted { TenantId = tenant, ModelId = model, DeletionReason = "obsolete", DeletedBy = "bob" });

    public static TrainingJobCompleted Trained(string tenant, string model, string job) => RegistryBed.From(new TrainingJobCompleted
    {
        TenantId = tenant,
        ModelId = model,
        JobId = job,
        FinalMetrics = new Dictionary<string, double> { ["accuracy"] = 0.9, ["loss"] = double.NaN },
        ArtifactsLocation = $"s3://{job}",
        TrainingDurationMs = ulong.MaxValue,
    });

    public static TenantSuspended Suspended(string tenant) => RegistryBed.From(new TenantSuspended { TenantId = tenant, SuspensionReason = "unpaid", SuspendedBy = "billing" });

    public static TenantUpdated Resumed(string tenant) => TenantUpdated(tenant, "status", "active");

    public static TenantUpdated TenantUpdated(string tenant, string setting, string value) => RegistryBed.From(new TenantUpdated
    {
        TenantId = tenant,
        Changes = new Dictionary<string, JsonElement> { [setting] = JsonSerializer.SerializeToElement(value) },
        UpdatedBy = "billing",
    });

    public static InferenceCompleted Inferred(string tenant, string model, string version, ulong ms, double confidence) => RegistryBed.From(new InferenceCompleted
    {
        InferenceId = $"{Guid.NewGuid()}",
        TenantId = tenant,
        ModelId = model,
        Version = version,
        InputFeatures = JsonSerializer.SerializeToElement(1),
        Prediction = JsonSerializer.SerializeToElement("yes"),
        Confidence = confidence,
        InferenceTimeMs = ms,
        RequestedBy = "app",
    });

    public static BatchInferenceCompleted InferredBatch(string tenant, string model, string version, ulong predictions, ulong totalMs, double confidence) => RegistryBed.From(new BatchInferenceCompleted
    {
        BatchId = $"{Guid.NewGuid()}",
        TenantId = tenant,
        ModelId = model,
        Version = version,
        TotalPredictions = predictions,
        AverageConfidence = confidence,
        TotalTimeMs = totalMs,
        ResultsLocation = "s3://results",
    });
}
