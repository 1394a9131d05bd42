using Serilog.Core;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Buffers log events during startup until the address of the service is known, so that the address is the first line of the log. If startup fails, the
/// buffered events are written when the log is closed.
/// </summary>
internal sealed class BufferedStartupLog
{
    private readonly Lock _gate = new();
    private readonly List<LogEvent> _buffered = [];
    private ILogEventSink? _sink;
    private bool _isOpen;

    /// <param name="sink">Gets the events after the flush.</param>
    public ILogEventSink Wrap(ILogEventSink sink)
    {
        _sink = sink;
        return new BufferingSink(this);
    }

    /// <param name="writeFirst">Writes the event that precedes the buffered events.</param>
    public void Flush(Action writeFirst)
    {
        lock (_gate)
        {
            _isOpen = true;
            writeFirst();
            _buffered.ForEach(logEvent => _sink?.Emit(logEvent));
            _buffered.Clear();
        }
    }

    private void Emit(LogEvent logEvent)
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                _sink!.Emit(logEvent);
            }
            else
            {
                _buffered.Add(logEvent);
            }
        }
    }

    private sealed class BufferingSink(BufferedStartupLog buffer) : ILogEventSink, IDisposable
    {
        public void Emit(LogEvent logEvent) => buffer.Emit(logEvent);

        public void Dispose()
        {
            buffer.Flush(() => { });
            (buffer._sink as IDisposable)?.Dispose();
        }
    }
}
