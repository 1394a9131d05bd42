using GenesysAnalyticsApi.Text;
using Serilog.Core;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>
/// Masks secrets in every log event and escapes control characters, which would act on a terminal. The framework logs addresses unescaped at
/// lower levels.
/// </summary>
internal sealed class LogRedactionEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? cleaned = null;
        foreach (var (name, property) in logEvent.Properties)
        {
            if (property is ScalarValue { Value: string or Uri or PathString or QueryString } scalar
                && scalar.Value.ToString() is { } text && LogSanitizer.Of(SecretRedactor.Redact(text)) is var shown && !ReferenceEquals(shown, text))
            {
                (cleaned ??= []).Add(new(name, new ScalarValue(shown)));
            }
        }

        // After the loop, which enumerates the properties.
        cleaned?.ForEach(logEvent.AddOrUpdateProperty);
    }
}
