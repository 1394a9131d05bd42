using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
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
    public async Task The_directory_is_empty_before_the_first_read_and_available_immediately_afterwards()
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
    public async Task Only_the_first_read_is_interactive()
    {
        await _directory.GetAsync(Never);
        await _directory.RefreshAsync(Never);

        _genesys.Origins.Select(origin => origin.IsBackground).ShouldBe([false, true]);
    }

    [Fact]
    public async Task Concurrent_callers_share_the_first_read()
    {
        var page = new TaskCompletionSource<ListPage<GenesysQueue>>();
        _genesys.Reply = (_, _) => page.Task;

        var waiting = Enumerable.Range(0, 50).Select(_ => _directory.GetAsync(Never).AsTask()).ToArray();
        page.SetResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(1, "Sales")], 1, 1, HasNext: false));
        var snapshots = await Task.WhenAll(waiting);

        snapshots.Distinct().ShouldHaveSingleItem();
        _genesys.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_cancelled_wait_does_not_cancel_the_read()
    {
        var page = new TaskCompletionSource<ListPage<GenesysQueue>>();
        _genesys.Reply = (_, cancellationToken) => page.Task.WaitAsync(cancellationToken);
        using var impatient = new CancellationTokenSource();
        var first = _directory.GetAsync(impatient.Token).AsTask();
        var second = _directory.GetAsync(Never).AsTask();

        await impatient.CancelAsync();
        page.SetResult(new ListPage<GenesysQueue>([], 1, 1, HasNext: false));

        await Should.ThrowAsync<OperationCanceledException>(first);
        (await second).Queues.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wait_for_the_first_read_ends_after_the_request_timeout_while_the_read_continues()
    {
        var page = new TaskCompletionSource<ListPage<GenesysQueue>>();
        _genesys.Reply = (_, cancellationToken) => page.Task.WaitAsync(cancellationToken);
        var waiting = _directory.GetAsync(Never).AsTask();

        _clock.Advance(_directory.FirstReadTimeout - TimeSpan.FromTicks(1));
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromTicks(1));

        var failure = await Should.ThrowAsync<GenesysException>(waiting);
        failure.Failure.Kind.ShouldBe(GenesysFailureKind.Timeout);
        page.SetResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(1, "Sales")], 1, 1, HasNext: false));
        (await _directory.GetAsync(Never)).Queues.ShouldHaveSingleItem();
        _genesys.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_first_read_is_shared_for_two_seconds_and_then_retried()
    {
        _genesys.Reply = ScriptedQueues.Failing(GenesysFailureKind.Unavailable);

        var failure = await Should.ThrowAsync<GenesysException>(_directory.GetAsync(Never).AsTask());
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        await Should.ThrowAsync<GenesysException>(_directory.GetAsync(Never).AsTask());

        failure.Failure.Kind.ShouldBe(GenesysFailureKind.Unavailable);
        _genesys.Calls.ShouldBe(1);
        _directory.Current.ShouldBeNull();

        _genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Sales")]);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        (await _directory.GetAsync(Never)).Queues.ShouldHaveSingleItem();
        _genesys.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_queue_that_is_no_longer_listed_keeps_its_last_known_name()
    {
        _genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Old name"), QueueBuilder.Listed(2, "Sales")]);
        await _directory.RefreshAsync(Never);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Billing"), QueueBuilder.Listed(2, "Sales")]);
        await _directory.RefreshAsync(Never);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(2, "Sales")]);
        await _directory.RefreshAsync(Never);

        var deleted = _directory.Current!.Find(QueueBuilder.Id(1)).ShouldNotBeNull();
        deleted.Name.ShouldBe("Billing");
        deleted.Listed.ShouldBeFalse();
        deleted.LastSeen.ShouldBe(QueueBuilder.Now.Plus(NodaTime.Duration.FromMinutes(5)));
        _directory.Current.Find(QueueBuilder.Id(2))!.LastSeen.ShouldBe(QueueBuilder.Now.Plus(NodaTime.Duration.FromMinutes(10)));

        _genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Back again")]);
        await _directory.RefreshAsync(Never);
        _directory.Current.Find(QueueBuilder.Id(1))!.Listed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failed_page_leaves_the_whole_directory_unchanged()
    {
        var full = await _directory.GetAsync(Never);
        _genesys.Reply = (number, cancellationToken) => number == 1
            ? Task.FromResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(7, "New")], 1, 2, HasNext: true))
            : ScriptedQueues.Failing(GenesysFailureKind.Timeout)(number, cancellationToken);

        await Should.ThrowAsync<GenesysException>(_directory.RefreshAsync(Never));

        _directory.Current.ShouldBeSameAs(full);
    }

    [Fact]
    public async Task An_incomplete_listing_removes_no_queue()
    {
        _genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Sales")], [QueueBuilder.Listed(2, "Support")]);
        await _directory.RefreshAsync(Never);
        _genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(1, "Renamed")], [], [QueueBuilder.Listed(2, "Support")]);

        var snapshot = await _directory.RefreshAsync(Never);

        snapshot.Queues.Select(queue => (queue.Name, queue.Listed)).ShouldBe([("Renamed", true), ("Support", true)]);
    }

    [Fact]
    public async Task A_read_that_fails_after_all_callers_disconnected_causes_no_unobserved_exception()
    {
        const string message = "No caller waits for this.";
        var unobserved = new ConcurrentQueue<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs failed)
        {
            if (failed.Exception.InnerExceptions.Any(inner => inner.Message == message))
            {
                unobserved.Enqueue(failed.Exception.ToString());
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        var failure = await AbandonReadAsync(message);
        // A pool thread may keep a reference to its last exception for an indefinite time.
        for (var attempt = 0; failure.IsAlive && attempt < 50; attempt++)
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= Note;
        unobserved.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_read_that_starts_after_shutdown_is_cancelled()
    {
        var genesys = new ScriptedQueues { Reply = (_, stopping) => Task.FromCanceled<ListPage<GenesysQueue>>(stopping) };
        var directory = genesys.Directory(_clock);
        directory.Dispose();

        await Should.ThrowAsync<OperationCanceledException>(() => directory.RefreshAsync(Never));
    }

    /// <summary>A separate method, so that nothing references the read and its failure afterwards.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> AbandonReadAsync(string message)
    {
        var failure = new GenesysException(new GenesysFailure(GenesysFailureKind.Unavailable, message));
        var (requested, page) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource<ListPage<GenesysQueue>>());
        var genesys = new ScriptedQueues
        {
            Reply = (_, _) =>
            {
                requested.SetResult();
                return page.Task;
            },
        };
        using var directory = genesys.Directory(new FakeTimeProvider());
        using var cancellation = new CancellationTokenSource();
        var waiting = directory.GetAsync(cancellation.Token).AsTask();
        await requested.Task;
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        page.SetException(failure);
        return new WeakReference(failure);
    }
}
