using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using GenesysAnalyticsApi.Hosting.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>Everything that the service logs, as events and as lines in both console formats.</summary>
internal sealed class RecordedLog : ILogEventSink
{
    private readonly Channel<LogEvent> _requests = Channel.CreateUnbounded<LogEvent>();

    public ConcurrentQueue<LogEvent> Events { get; } = [];

    /// <summary>The log entry of the next request. It is written after the response is sent, so the test has to wait for it.</summary>
    public ValueTask<LogEvent> NextRequestAsync() => _requests.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void Emit(LogEvent logEvent)
    {
        Events.Enqueue(logEvent);
        if (logEvent.Properties.ContainsKey("Elapsed") && logEvent.Properties.ContainsKey("RequestPath"))
        {
            _requests.Writer.TryWrite(logEvent).ShouldBeTrue();
        }
    }

    public string AsText() => string.Concat(Events.Select(Text));

    public string AsJson() => string.Concat(Events.Select(Json));

    public static string Text(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        ReadableLog.Formatter.Format(logEvent, text);
        return text.ToString();
    }

    public static string Json(LogEvent logEvent)
    {
        using var json = new StringWriter(CultureInfo.InvariantCulture);
        new CompactJsonFormatter().Format(logEvent, json);
        return json.ToString();
    }
}
