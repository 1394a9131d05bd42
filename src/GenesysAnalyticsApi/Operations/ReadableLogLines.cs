using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;

namespace GenesysAnalyticsApi.Operations;

/// <summary>
/// One line an event, for people. Control characters are written as <c>\u000a</c>: what a caller put into an address or a parameter
/// must not look like a line of its own, nor move the cursor.
/// </summary>
internal sealed class ReadableLogLines : ITextFormatter
{
    // What features tell about a request beyond the message (through IDiagnosticContext).
    private static readonly string[] Facts = ["Rows", "Slices", "UpstreamCalls"];

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        output.Write(Abbreviation(logEvent.Level));
        output.Write(' ');
        output.Write(OneLine(Message(logEvent)));
        foreach (var fact in Facts)
        {
            if (logEvent.Properties.TryGetValue(fact, out var value))
            {
                output.Write($" {fact}={OneLine(value.ToString(null, CultureInfo.InvariantCulture))}");
            }
        }

        output.WriteLine();
        if (logEvent.Exception is { } exception)
        {
            // Indented line by line, for the same reason.
            foreach (var line in exception.ToString().Split('\n'))
            {
                output.WriteLine($"    {OneLine(line.TrimEnd('\r'))}");
            }
        }
    }

    /// <summary>The message with strings as they are; Serilog would put quotation marks around them.</summary>
    private static string Message(LogEvent logEvent)
    {
        var message = new StringBuilder();
        using var writer = new StringWriter(message, CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken { PropertyName: var name }
                && logEvent.Properties.GetValueOrDefault(name) is ScalarValue { Value: string text })
            {
                writer.Write(text);
            }
            else
            {
                token.Render(logEvent.Properties, writer, CultureInfo.InvariantCulture);
            }
        }

        return message.ToString();
    }

    private static string OneLine(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var line = new StringBuilder();
        foreach (var letter in text)
        {
            _ = char.IsControl(letter) ? line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}") : line.Append(letter);
        }

        return line.ToString();
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
