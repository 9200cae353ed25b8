using Microsoft.Extensions.Options;

namespace PhantomSync.Audit;

[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;
