using System.Text;
using System.Text.Json.Nodes;

namespace PhantomSync.Tests.Contracts;

/// <summary>Golden records to take apart.</summary>
internal static class Record
{
    public static JsonNode Of(string golden) => JsonNode.Parse(Golden.Bytes(golden))!;

    public static byte[] Utf8(JsonNode record) => Utf8(record.ToJsonString());

    public static byte[] Utf8(string record) => Encoding.UTF8.GetBytes(record);
}
