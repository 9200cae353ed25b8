using Microsoft.Extensions.Options;
using PhantomSync.Contracts;

namespace PhantomSync.Sagas.Training;

internal sealed class TrainingSuspensionOptionsValidator : IValidateOptions<TrainingSuspensionOptions>
{
    public ValidateOptionsResult Validate(string? name, TrainingSuspensionOptions options)
    {
        var problems = options.Tiers.Select(tier => (Setting: $"Tiers[\"{tier.Key}\"]", Policy: tier.Value)).Prepend((Setting: nameof(options.Default), Policy: options.Default))
            .Where(setting => !TrainingPolicy.All.Contains(setting.Policy))
            .Select(setting => $"TrainingSuspensionOptions.{setting.Setting} is '{setting.Policy}'; expected is {string.Join(", ", TrainingPolicy.All)}.")
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
