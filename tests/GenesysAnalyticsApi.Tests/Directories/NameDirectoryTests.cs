using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Directories.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Directories;

public sealed class NameDirectoryTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 15, 2, TimeSpan.Zero));
    private readonly ScriptedNames _genesys = ScriptedNames.Listing([ScriptedNames.Listed(1, "Ada"), ScriptedNames.Listed(2, "Bob")]);
    private readonly UserDirectory _directory;

    public NameDirectoryTests() => _directory = _genesys.Users(_clock);

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Nothing_is_read_before_the_first_use_and_only_old_names_are_read_again()
    {
        _directory.Current.ShouldBeNull();
        _genesys.Calls.ShouldBe(0);

        var read = await _directory.GetAsync(Never);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        var again = await _directory.GetAsync(Never);

        again.ShouldBeSameAs(read);
        _genesys.Calls.ShouldBe(1);
        _genesys.Origins.ShouldHaveSingleItem().IsBackground.ShouldBeFalse();
    }

    [Fact]
    public async Task Old_names_are_returned_at_once_and_refreshed_in_the_background()
    {
        var old = await _directory.GetAsync(Never);
        var page = new TaskCompletionSource<ListPage<GenesysName>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _genesys.Reply = (_, _) => page.Task;
        _clock.Advance(TimeSpan.FromMinutes(5));

        foreach (var use in Enumerable.Range(0, 3).Select(_ => _directory.GetAsync(Never).AsTask()))
        {
            use.IsCompletedSuccessfully.ShouldBeTrue();
            (await use).ShouldBeSameAs(old);
        }

        page.SetResult(new([ScriptedNames.Listed(2, "Bobby")], 1, 1, HasNext: false));
        var read = await ReadAfterAsync(old);
        read.Entries.Select(user => (user.Name, user.Listed)).ShouldBe([("Ada", false), ("Bobby", true)]);
        _genesys.Origins.Select(origin => origin.IsBackground).ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_failed_refresh_keeps_the_names_is_logged_once_and_retried_after_half_a_minute()
    {
        var old = await _directory.GetAsync(Never);
        _genesys.Reply = ScriptedNames.Failing(GenesysFailureKind.Unavailable);
        _clock.Advance(TimeSpan.FromMinutes(5));

        (await _directory.GetAsync(Never)).ShouldBeSameAs(old);
        await UntilAsync(() => LinesOf(3024) == 1);
        _clock.Advance(NameDirectory.RetryInterval - TimeSpan.FromTicks(1));
        (await _directory.GetAsync(Never)).ShouldBeSameAs(old);
        _genesys.Calls.ShouldBe(2);
        await UseUntilAsync(() => _genesys.Calls >= 4);

        _directory.Current.ShouldBeSameAs(old);
        _genesys.Reply = ScriptedNames.Pages([ScriptedNames.Listed(1, "Ada")]);
        await UseUntilAsync(() => LinesOf(3025) == 1);
        _directory.Current.ShouldNotBeSameAs(old);
        LinesOf(3024).ShouldBe(1);
    }

    [Theory]
    [InlineData("Unavailable", 2)]
    [InlineData("Forbidden", 30)]
    public async Task A_failed_first_read_is_shared_for_a_while_and_longer_if_a_permission_is_missing(string name, int seconds)
    {
        var kind = Enum.Parse<GenesysFailureKind>(name);
        _genesys.Reply = ScriptedNames.Failing(kind);

        (await Should.ThrowAsync<GenesysException>(_directory.GetAsync(Never).AsTask())).Failure.Kind.ShouldBe(kind);
        _clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        await Should.ThrowAsync<GenesysException>(_directory.GetAsync(Never).AsTask());
        _genesys.Calls.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await Should.ThrowAsync<GenesysException>(_directory.GetAsync(Never).AsTask());
        _genesys.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_user_that_is_no_longer_listed_is_dropped_after_a_while_and_a_code_is_kept()
    {
        using var codes = _genesys.WrapUpCodes(_clock);
        await _directory.GetAsync(Never);
        await codes.GetAsync(Never);
        _genesys.Reply = ScriptedNames.Pages([ScriptedNames.Listed(1, "Ada")]);

        _clock.Advance(UserDirectory.Retention.ToTimeSpan() - TimeSpan.FromSeconds(1));
        (await _directory.RefreshAsync(Never)).Find(ScriptedNames.Id(2)).ShouldNotBeNull().Listed.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await _directory.RefreshAsync(Never)).Find(ScriptedNames.Id(2)).ShouldBeNull();
        (await codes.RefreshAsync(Never)).Find(ScriptedNames.Id(2)).ShouldNotBeNull().Name.ShouldBe("Bob");
    }

    [Fact]
    public async Task Names_are_sorted_found_and_matched_like_those_of_queues()
    {
        _genesys.Reply = ScriptedNames.Pages(
            [ScriptedNames.Listed(4, "zoë"), ScriptedNames.Listed(3, "Müller"), ScriptedNames.Listed(2, "müller"), ScriptedNames.Listed(1, "Ada")],
            [new GenesysName("ININ-WRAP-UP-TIMEOUT", "ININ-WRAP-UP-TIMEOUT", null)]);

        var names = await _directory.GetAsync(Never);

        names.ReadAt.ShouldBe(Instant.FromDateTimeOffset(_clock.GetUtcNow()));
        names.Entries.Select(user => user.Name).ShouldBe(["Ada", "ININ-WRAP-UP-TIMEOUT", "Müller", "müller", "zoë"]);
        names.Find($"{{{ScriptedNames.Id(1).ToUpperInvariant()}}}").ShouldNotBeNull().Name.ShouldBe("Ada");
        names.Find("inin-wrap-up-timeout").ShouldNotBeNull().IsActive.ShouldBeNull();
        names.Match("Mu\u0308ller").ShouldHaveSingleItem().Id.ShouldBe(ScriptedNames.Id(3));
        names.Match("MÜLLER").Count.ShouldBe(2);
        names.Match("*E*").Select(user => user.Name).ShouldBe(["ININ-WRAP-UP-TIMEOUT", "Müller", "müller"]);
        names.Match("unknown").ShouldBeEmpty();
    }

    private int LinesOf(int id) => _genesys.Logs.Lines.Count(line => line.StartsWith($"{id} ", StringComparison.Ordinal));

    private Task UseUntilAsync(Func<bool> isReached) => UntilAsync(() =>
    {
        _directory.GetAsync(Never).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        return isReached();
    });

    private async Task<NameSnapshot> ReadAfterAsync(NameSnapshot old)
    {
        await UntilAsync(() => _directory.Current != old);
        return _directory.Current!;
    }

    private static async Task UntilAsync(Func<bool> isReached)
    {
        while (!isReached())
        {
            TestCancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
