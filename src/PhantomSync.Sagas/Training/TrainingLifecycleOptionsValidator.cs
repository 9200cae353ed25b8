using Microsoft.Extensions.Options;

namespace PhantomSync.Sagas.Training;

[OptionsValidator]
internal sealed partial class TrainingLifecycleOptionsValidator : IValidateOptions<TrainingLifecycleOptions>;
