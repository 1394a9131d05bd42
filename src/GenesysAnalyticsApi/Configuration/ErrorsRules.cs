using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Configuration;

internal static class ErrorsRules
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
