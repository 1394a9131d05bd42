using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;

/// <summary>Advances a clock second by second, and gives sockets and requests real time within each second.</summary>
internal static class SteppedClock
{
    private const int AttemptsPerSecond = 50;

    private static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(20);

    /// <summary>Advances until the condition holds.</summary>
    /// <param name="seconds">The maximum number of seconds to advance.</param>
    /// <param name="isFirst">Whether to advance at least one second.</param>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider clock, Func<bool> condition, string what, int seconds, bool isFirst = false)
    {
        for (var second = 0; second < seconds && (!condition() || (isFirst && second == 0)); second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            for (var attempt = 0; attempt < AttemptsPerSecond && !condition(); attempt++)
            {
                await Task.Delay(Attempt, TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }

        condition().ShouldBeTrue($"Not within {seconds} s: {what}.");
    }
}
