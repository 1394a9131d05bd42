using Serilog.Core;
using Serilog.Events;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Buffers log events during startup until the address of the service is known, so that the address is the first line. If startup fails, the
/// buffered events are written when the log is closed.
/// </summary>
internal sealed class BufferedStartupLog
{
    private readonly Lock _gate = new();
    private readonly List<LogEvent> _buffered = [];
    private ILogEventSink? _console;
    private bool _isOpen;

    public ILogEventSink Wrap(ILogEventSink console)
    {
        _console = console;
        return new BufferingSink(this);
    }

    /// <param name="writeFirst">Writes the line that comes first.</param>
    public void Flush(Action writeFirst)
    {
        lock (_gate)
        {
            _isOpen = true;
            writeFirst();
            _buffered.ForEach(line => _console?.Emit(line));
            _buffered.Clear();
        }
    }

    private void Emit(LogEvent line)
    {
        lock (_gate)
        {
            if (_isOpen)
            {
                _console!.Emit(line);
            }
            else
            {
                _buffered.Add(line);
            }
        }
    }

    private sealed class BufferingSink(BufferedStartupLog buffer) : ILogEventSink, IDisposable
    {
        public void Emit(LogEvent logEvent) => buffer.Emit(logEvent);

        public void Dispose()
        {
            buffer.Flush(() => { });
            (buffer._console as IDisposable)?.Dispose();
        }
    }
}
