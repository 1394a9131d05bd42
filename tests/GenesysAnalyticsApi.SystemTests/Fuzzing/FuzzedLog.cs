using System.Collections.Concurrent;
using System.Globalization;
using GenesysAnalyticsApi.Hosting.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Keeps only log entries that should not exist: errors, and entries that are not a single line in one of the console formats.</summary>
internal sealed class FuzzedLog : ILogEventSink
{
    private static readonly ITextFormatter[] Formats = [ReadableLog.Formatter, new CompactJsonFormatter()];

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
