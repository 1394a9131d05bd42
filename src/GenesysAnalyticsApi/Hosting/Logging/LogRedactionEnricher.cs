using GenesysAnalyticsApi.Text;
using Serilog.Core;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>
/// Cleans the text properties of every log event: masks secrets, masks names of people in query strings, and escapes control characters, which a terminal would
/// interpret. At a low log level, the framework logs addresses unescaped.
/// </summary>
internal sealed class LogRedactionEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? cleaned = null;
        foreach (var (name, property) in logEvent.Properties)
        {
            if (property is ScalarValue { Value: string or Uri or PathString or QueryString } scalar
                && scalar.Value.ToString() is { } text && LogSanitizer.Of(PersonNameRedactor.Redact(SecretRedactor.Redact(text))) is var shown && !ReferenceEquals(shown, text))
            {
                (cleaned ??= []).Add(new(name, new ScalarValue(shown)));
            }
        }

        // The properties are replaced after the loop, because the loop enumerates them.
        cleaned?.ForEach(logEvent.AddOrUpdateProperty);
    }
}
