using GenesysAnalyticsApi.Text;
using Serilog.Core;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>
/// Takes secrets out of everything that is logged, whoever logs it, and makes visible what would act on a terminal: addresses are in lines
/// of ours and, where an operator listens more closely, unescaped in many of the framework's.
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

        // Afterwards, since the properties are being walked.
        cleaned?.ForEach(logEvent.AddOrUpdateProperty);
    }
}
