using GenesysAnalyticsApi.Text;
using Serilog.Core;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>
/// Removes secrets from every log event, whatever its source, and escapes control characters that would act on a terminal. Request addresses
/// appear in the events of this service and, at detailed log levels, unescaped in many events of the framework.
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

        // After the loop, because the properties must not change while they are enumerated.
        cleaned?.ForEach(logEvent.AddOrUpdateProperty);
    }
}
