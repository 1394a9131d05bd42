using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Errors;

/// <summary>How much of a fault of the service its callers are told.</summary>
internal sealed class ErrorsOptions
{
    public const string Section = "Errors";

    /// <summary>In Development: a 500 carries the exception with its stack, for whoever works on the service. The log always has it.</summary>
    public bool StackTraces { get; set; }
}

internal static class ErrorsOptionsValidator
{
    public static void Check(ErrorsOptions options, IHostEnvironment environment, SettingsReport report)
    {
        if (options.StackTraces && !environment.IsDevelopment())
        {
            report.Add($"{ErrorsOptions.Section}:{nameof(options.StackTraces)}", options.StackTraces,
                "shows callers the inside of the service, and is for Development alone. Leave it out: the log has every stack trace, found by the traceId of the answer.");
        }
    }
}
