using System.Threading.Channels;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Queues.Directory;

public sealed class QueueDirectoryRefresherTests
{
    [Fact]
    public async Task The_refresher_reads_at_startup_then_every_five_minutes_and_sooner_after_a_failure()
    {
        var clock = new WatchedClock();
        var log = new LogRecorder();
        var genesys = ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")]);
        using var directory = genesys.Directory(clock);
        using var refresh = new QueueDirectoryRefresher(directory, clock, log);

        await refresh.StartAsync(CancellationToken.None);
        (await clock.NextPause()).ShouldBe(TimeSpan.FromMinutes(5));
        directory.Current.ShouldNotBeNull().Queues.ShouldHaveSingleItem();

        genesys.Reply = ScriptedQueues.Failing(GenesysFailureKind.Unavailable);
        clock.Advance(TimeSpan.FromMinutes(5));
        (await clock.NextPause()).ShouldBe(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(30));
        (await clock.NextPause()).ShouldBe(TimeSpan.FromSeconds(30));
        directory.Current.Queues.ShouldHaveSingleItem();

        genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Sales"), QueueBuilder.Listed(2, "Support")]);
        clock.Advance(TimeSpan.FromSeconds(30));
        (await clock.NextPause()).ShouldBe(TimeSpan.FromMinutes(5));
        directory.Current.Queues.Count.ShouldBe(2);

        log.Events.ShouldBe([(LogLevel.Warning, 3010), (LogLevel.Information, 3011)]);
        await refresh.StopAsync(CancellationToken.None);
        genesys.Calls.ShouldBe(4);
    }

    [Fact]
    public async Task The_refresher_survives_an_unexpected_exception()
    {
        var clock = new WatchedClock();
        var log = new LogRecorder();
        var genesys = new ScriptedQueues(); // throws an exception other than GenesysException
        using var directory = genesys.Directory(clock);
        using var refresh = new QueueDirectoryRefresher(directory, clock, log);

        await refresh.StartAsync(CancellationToken.None);
        (await clock.NextPause()).ShouldBe(TimeSpan.FromSeconds(30));

        log.Events.ShouldBe([(LogLevel.Warning, 3010)]);
        await refresh.StopAsync(CancellationToken.None);
    }

    /// <summary>Reports the start and the length of each wait, so that a test advances the clock at the right time and by the right amount.</summary>
    private sealed class WatchedClock() : FakeTimeProvider(QueueBuilder.Now.ToDateTimeOffset())
    {
        private readonly Channel<TimeSpan> _pauses = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _pauses.Writer.TryWrite(dueTime);
            return timer;
        }

        public async Task<TimeSpan> NextPause() => await _pauses.Reader.ReadAsync(TestContext.Current.CancellationToken);
    }

    private sealed class LogRecorder : ILogger<QueueDirectoryRefresher>
    {
        public List<(LogLevel Level, int Id)> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add((logLevel, eventId.Id));
    }
}
