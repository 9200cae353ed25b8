using Microsoft.Extensions.Options;

namespace PhantomSync.Sagas.Tenants;

[OptionsValidator]
internal sealed partial class TenantSuspensionOptionsValidator : IValidateOptions<TenantSuspensionOptions>;
