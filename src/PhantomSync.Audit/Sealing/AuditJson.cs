using System.Text.Json.Serialization;

namespace PhantomSync.Audit.Sealing;

[JsonSerializable(typeof(AuditHead))]
internal sealed partial class AuditJson : JsonSerializerContext;
