using GenesysAnalyticsApi.Text;
using Serilog.Events;
using Serilog.Expressions;
using Serilog.Formatting;
using Serilog.Templates;

namespace GenesysAnalyticsApi.Hosting.Logging;

/// <summary>
/// Formats each event as one readable line, followed by the indented lines of the exception if there is one. Control characters are escaped, so an address or a
/// parameter from a caller can neither imitate a log line nor move the cursor.
/// </summary>
internal static class ReadableLog
{
    public static ITextFormatter Formatter { get; } = new ExpressionTemplate(
        "{@t:HH:mm:ss.fff} {@l:u3} {Escaped(@m)}{#if Rows is not null and Slices is not null} Rows={Rows} Slices={Slices} UpstreamCalls={UpstreamCalls}{#end}\n"
        + "{#if @x is not null}{Indented(@x)}{#end}",
        nameResolver: new StaticMemberNameResolver(typeof(ReadableLog)));

    public static LogEventPropertyValue Escaped(LogEventPropertyValue? text) => new ScalarValue(LogSanitizer.Of(TextOf(text)));

    /// <summary>Indents the lines of an exception, so that none of them looks like an event.</summary>
    public static LogEventPropertyValue Indented(LogEventPropertyValue? exception) =>
        new ScalarValue(string.Concat(TextOf(exception).ReplaceLineEndings("\n").Split('\n').Select(line => $"    {LogSanitizer.Of(line)}\n")));

    private static string TextOf(LogEventPropertyValue? value) => (value as ScalarValue)?.Value?.ToString() ?? "";
}
