using Microsoft.Extensions.Options;

namespace PhantomSync.EntityFrameworkCore.Relaying;

[OptionsValidator]
internal sealed partial class OutboxRelayOptionsValidator : IValidateOptions<OutboxRelayOptions>;
