using System.Collections.Concurrent;
using System.Globalization;
using GenesysAnalyticsApi.Hosting.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Keeps of the log only what should not be there: errors, and lines which are not one line in either of the console's formats.</summary>
internal sealed class FuzzedLog : ILogEventSink
{
    private static readonly ITextFormatter[] Formats = [new ReadableLogLines(), new CompactJsonFormatter()];

    public ConcurrentQueue<string> Faults { get; } = [];

    public void Emit(LogEvent logEvent)
    {
        foreach (var format in Formats)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
            format.Format(logEvent, text);
            var line = text.ToString();
            if (logEvent.Level >= LogEventLevel.Error || logEvent.Exception is not null)
            {
                Faults.Enqueue($"Logged: {line}");
            }
            else if (!line.EndsWith('\n') || line.AsSpan(0, line.Length - 1).ContainsAnyInRange('\0', '\u001f') || line.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
            {
                Faults.Enqueue($"Not one line: {line}");
            }
        }
    }
}
