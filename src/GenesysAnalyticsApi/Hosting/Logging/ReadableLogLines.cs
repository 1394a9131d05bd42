using System.Globalization;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>
/// One line an event, for people. Control characters are written as <c>\u000a</c>: what a caller put into an address or a parameter
/// must not look like a line of its own, nor move the cursor.
/// </summary>
internal sealed class ReadableLogLines : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        output.Write(Abbreviation(logEvent.Level));
        output.Write(' ');
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            output.Write(LogSanitizer.Of(Text(token, logEvent)));
        }

        foreach (var fact in RequestLogProperties.Names)
        {
            if (logEvent.Properties.TryGetValue(fact, out var value))
            {
                output.Write(' ');
                output.Write(fact);
                output.Write('=');
                output.Write(LogSanitizer.Of(Text(value, null)));
            }
        }

        output.WriteLine();
        if (logEvent.Exception is { } exception)
        {
            // Indented line by line, for the same reason.
            foreach (var line in exception.ToString().Split('\n'))
            {
                output.WriteLine($"    {LogSanitizer.Of(line.TrimEnd('\r'))}");
            }
        }
    }

    private static string Text(MessageTemplateToken token, LogEvent logEvent) => token switch
    {
        TextToken text => text.Text,
        PropertyToken hole when logEvent.Properties.TryGetValue(hole.PropertyName, out var value) && (hole.Alignment is null || value is ScalarValue { Value: string }) =>
            Text(value, hole.Format),
        _ => Rendered(token, logEvent),
    };

    /// <summary>Strings and numbers as they are; Serilog would put quotation marks around strings, and a writer around each number.</summary>
    private static string Text(LogEventPropertyValue value, string? format) => value switch
    {
        ScalarValue { Value: string text } => text,
        ScalarValue { Value: int number } when format is null => number.ToString(CultureInfo.InvariantCulture),
        ScalarValue { Value: double number } => number.ToString(format, CultureInfo.InvariantCulture),
        _ => value.ToString(format, CultureInfo.InvariantCulture),
    };

    private static string Rendered(MessageTemplateToken token, LogEvent logEvent)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        token.Render(logEvent.Properties, writer, CultureInfo.InvariantCulture);
        return writer.ToString();
    }

    private static string Abbreviation(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "VRB",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        _ => "FTL",
    };
}
