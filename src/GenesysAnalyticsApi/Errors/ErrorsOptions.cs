using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Controls what callers see of an internal error.</summary>
internal sealed class ErrorsOptions
{
    public const string Section = "Errors";

    /// <summary>
    /// Whether a 500 response contains the exception with its stack trace. This is allowed only in Development. The log always contains the exception.
    /// </summary>
    public bool StackTraces { get; set; }
}

internal static class ErrorsOptionsValidator
{
    public static void Check(ErrorsOptions options, IHostEnvironment environment, SettingsReport report)
    {
        if (options.StackTraces && !environment.IsDevelopment())
        {
            report.Add($"{ErrorsOptions.Section}:{nameof(options.StackTraces)}", options.StackTraces,
                "would show callers the internals of the service, and is allowed only in Development. Remove the setting: the log contains every stack trace, under the traceId of the response.");
        }
    }
}
