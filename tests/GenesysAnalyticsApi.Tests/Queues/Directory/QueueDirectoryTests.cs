using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Queues.Directory;

public sealed class QueueDirectoryTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(QueueBuilder.Now.ToDateTimeOffset());
    private readonly ScriptedQueues _genesys = ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")]);
    private readonly QueueDirectory _directory;

    public QueueDirectoryTests() => _directory = _genesys.Directory(_clock);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Nothing_is_known_before_the_first_read_and_nobody_waits_after_it()
    {
        _directory.Current.ShouldBeNull();

        var read = await _directory.GetAsync(Never);

        _directory.Current.ShouldBeSameAs(read);
        read.ReadAt.ShouldBe(QueueBuilder.Now);
        var again = _directory.GetAsync(Never);
        again.IsCompletedSuccessfully.ShouldBeTrue();
        (await again).ShouldBeSameAs(read);
        _genesys.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Only_the_first_read_is_one_that_somebody_waits_for()
    {
        await _directory.GetAsync(Never);
        await _directory.RefreshAsync(Never);

        _genesys.Askers.Select(asker => asker.IsBackground).ShouldBe([false, true]);
    }

    [Fact]
    public async Task Everybody_who_comes_during_the_first_read_shares_it()
    {
        var page = new TaskCompletionSource<QueuePage>();
        _genesys.Answer = (_, _) => page.Task;

        var waiting = Enumerable.Range(0, 50).Select(_ => _directory.GetAsync(Never).AsTask()).ToArray();
        page.SetResult(new QueuePage([QueueBuilder.Listed(1, "Sales")], 1, 1, HasNext: false));
        var snapshots = await Task.WhenAll(waiting);

        snapshots.Distinct().ShouldHaveSingleItem();
        _genesys.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Who_stops_waiting_does_not_stop_the_read()
    {
        var page = new TaskCompletionSource<QueuePage>();
        _genesys.Answer = (_, cancellationToken) => page.Task.WaitAsync(cancellationToken);
        using var impatient = new CancellationTokenSource();
        var first = _directory.GetAsync(impatient.Token).AsTask();
        var second = _directory.GetAsync(Never).AsTask();

        await impatient.CancelAsync();
        page.SetResult(new QueuePage([], 1, 1, HasNext: false));

        await Should.ThrowAsync<OperationCanceledException>(first);
        (await second).Queues.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_waits_for_the_first_read_longer_than_for_a_call_and_it_goes_on()
    {
        var page = new TaskCompletionSource<QueuePage>();
        _genesys.Answer = (_, cancellationToken) => page.Task.WaitAsync(cancellationToken);
        var waiting = _directory.GetAsync(Never).AsTask();

        _clock.Advance(_directory.FirstReadTimeout - TimeSpan.FromTicks(1));
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromTicks(1));

        var failure = await Should.ThrowAsync<GenesysException>(waiting);
        failure.Failure.Kind.ShouldBe(GenesysFailureKind.Timeout);
        page.SetResult(new QueuePage([QueueBuilder.Listed(1, "Sales")], 1, 1, HasNext: false));
        (await _directory.GetAsync(Never)).Queues.ShouldHaveSingleItem();
        _genesys.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_first_read_that_fails_is_shared_for_two_seconds_and_then_tried_again()
    {
        _genesys.Answer = ScriptedQueues.Failing(GenesysFailureKind.Unavailable);

        var failure = await Should.ThrowAsync<GenesysException>(_directory.GetAsync(Never).AsTask());
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        await Should.ThrowAsync<GenesysException>(_directory.GetAsync(Never).AsTask());

        failure.Failure.Kind.ShouldBe(GenesysFailureKind.Unavailable);
        _genesys.Calls.ShouldBe(1);
        _directory.Current.ShouldBeNull();

        _genesys.Answer = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Sales")]);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        (await _directory.GetAsync(Never)).Queues.ShouldHaveSingleItem();
        _genesys.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_queue_that_is_no_longer_listed_keeps_its_last_known_name()
    {
        _genesys.Answer = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Old name"), QueueBuilder.Listed(2, "Sales")]);
        await _directory.RefreshAsync(Never);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _genesys.Answer = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Billing"), QueueBuilder.Listed(2, "Sales")]);
        await _directory.RefreshAsync(Never);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _genesys.Answer = ScriptedQueues.Pages([QueueBuilder.Listed(2, "Sales")]);
        await _directory.RefreshAsync(Never);

        var deleted = _directory.Current!.Find(QueueBuilder.Id(1)).ShouldNotBeNull();
        deleted.Name.ShouldBe("Billing");
        deleted.Listed.ShouldBeFalse();
        deleted.LastSeen.ShouldBe(QueueBuilder.Now.Plus(NodaTime.Duration.FromMinutes(5)));
        _directory.Current.Find(QueueBuilder.Id(2))!.LastSeen.ShouldBe(QueueBuilder.Now.Plus(NodaTime.Duration.FromMinutes(10)));

        _genesys.Answer = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Back again")]);
        await _directory.RefreshAsync(Never);
        _directory.Current.Find(QueueBuilder.Id(1))!.Listed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_page_that_fails_leaves_the_whole_directory_as_it_was()
    {
        var full = await _directory.GetAsync(Never);
        _genesys.Answer = (number, cancellationToken) => number == 1
            ? Task.FromResult(new QueuePage([QueueBuilder.Listed(7, "New")], 1, 2, HasNext: true))
            : ScriptedQueues.Failing(GenesysFailureKind.Timeout)(number, cancellationToken);

        await Should.ThrowAsync<GenesysException>(_directory.RefreshAsync(Never));

        _directory.Current.ShouldBeSameAs(full);
    }

    [Fact]
    public async Task A_listing_that_breaks_off_takes_no_queue_away()
    {
        _genesys.Answer = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Sales")], [QueueBuilder.Listed(2, "Support")]);
        await _directory.RefreshAsync(Never);
        _genesys.Answer = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Renamed")], [], [QueueBuilder.Listed(2, "Support")]);

        var snapshot = await _directory.RefreshAsync(Never);

        snapshot.Queues.Select(queue => (queue.Name, queue.Listed)).ShouldBe([("Renamed", true), ("Support", true)]);
    }

    [Fact]
    public async Task A_read_that_fails_when_nobody_waits_any_more_is_looked_at_all_the_same()
    {
        const string message = "Nobody waits for this.";
        var unobserved = new ConcurrentQueue<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs failed)
        {
            if (failed.Exception.InnerExceptions.Any(inner => inner.Message == message))
            {
                unobserved.Enqueue(failed.Exception.ToString());
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        var failure = await LeaveBeforeAsync(message);
        // A thread of the pool may hold what it threw last for as long as it likes.
        for (var look = 0; failure.IsAlive && look < 50; look++)
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= Note;
        unobserved.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_read_that_begins_when_the_service_has_stopped_is_cancelled()
    {
        var genesys = new ScriptedQueues { Answer = (_, stopping) => Task.FromCanceled<QueuePage>(stopping) };
        var directory = genesys.Directory(_clock);
        directory.Dispose();

        await Should.ThrowAsync<OperationCanceledException>(() => directory.RefreshAsync(Never));
    }

    /// <summary>Apart, so that nothing holds the read and its failure when they are over.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LeaveBeforeAsync(string message)
    {
        var failure = new GenesysException(new GenesysFailure(GenesysFailureKind.Unavailable, message));
        var (asked, page) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource<QueuePage>());
        var genesys = new ScriptedQueues
        {
            Answer = (_, _) =>
            {
                asked.SetResult();
                return page.Task;
            },
        };
        using var directory = genesys.Directory(new FakeTimeProvider());
        using var leaving = new CancellationTokenSource();
        var waiting = directory.GetAsync(leaving.Token).AsTask();
        await asked.Task;
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        page.SetException(failure);
        return new WeakReference(failure);
    }
}
