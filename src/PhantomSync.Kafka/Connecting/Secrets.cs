namespace PhantomSync.Kafka.Connecting;

/// <summary>Settings that must not be printed, and where their values may be kept instead of in the configuration.</summary>
internal static class Secrets
{
    private const string Mask = "***";
    private const string FromEnvironment = "env:";
    private const string FromFile = "file:";
    private static readonly string[] Marks = ["password", "secret", "token", "pem", "private.key", "assertion.private", "oauthbearer.config", "sasl.username"];

    public static bool IsReference(string value) =>
        value.StartsWith(FromEnvironment, StringComparison.Ordinal) || value.StartsWith(FromFile, StringComparison.Ordinal);

    /// <summary>The value itself, looked up where it is a reference.</summary>
    public static string Resolve(string name, string value) =>
        Problem(name, value) is { } problem ? throw new InvalidOperationException(problem)
        : value.StartsWith(FromEnvironment, StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(value[FromEnvironment.Length..])!
        : value.StartsWith(FromFile, StringComparison.Ordinal) ? File.ReadAllText(value[FromFile.Length..]).TrimEnd('\r', '\n')
        : value;

    public static string? Problem(string name, string value)
    {
        if (value.StartsWith(FromEnvironment, StringComparison.Ordinal) && Environment.GetEnvironmentVariable(value[FromEnvironment.Length..]) is null)
            return $"Kafka:Settings:{name} points to the environment variable '{value[FromEnvironment.Length..]}', which is not set.";
        return value.StartsWith(FromFile, StringComparison.Ordinal) && !File.Exists(value[FromFile.Length..])
            ? $"Kafka:Settings:{name} points to the file '{value[FromFile.Length..]}', which is not there."
            : null;
    }

    public static string Describe(IEnumerable<KeyValuePair<string, string>> settings) =>
        string.Join('\n', settings.OrderBy(static setting => setting.Key, StringComparer.Ordinal).Select(static setting => $"{setting.Key}={Show(setting.Key, setting.Value)}"));

    private static string Show(string name, string value) =>
        IsReference(value) || !Marks.Any(mark => name.Contains(mark, StringComparison.Ordinal)) ? value : Mask;
}
