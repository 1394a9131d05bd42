using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;

/// <summary>Compares the state of replicas with that of a query at the same time.</summary>
internal static class LiveComparison
{
    /// <summary>
    /// Compares with a query at a whole second, when the simulator sends its messages. The replicas publish them within that second; on a slow machine, the
    /// next second is tried.
    /// </summary>
    /// <param name="replicas">All of them must have the state of the query within the same second.</param>
    public static async Task EqualsQueryAsync(this SimulatedService given, params IReadOnlyList<RunningService> replicas)
    {
        var gateway = given.Service.Services.GetRequiredService<IActivityGateway>();
        var everything = new ActivityRequest([], RequestOrigin.Anonymous);
        HashSet<string> expected = [];
        for (var second = 0; second < 20; second++)
        {
            var conversations = await gateway.QueryConversationsAsync(everything, TestContext.Current.CancellationToken);
            var users = await gateway.QueryUsersAsync(everything, TestContext.Current.CancellationToken);
            expected = FiguresOf(LiveFold.Of([conversations, users], Instant.FromDateTimeOffset(given.Clock.GetUtcNow())));
            var differing = replicas.ToHashSet();
            for (var step = 0; step < 80; step++)
            {
                differing.RemoveWhere(replica => FiguresOf(StateOf(replica)).SetEquals(expected));
                if (differing.Count > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
                }

                given.FakeClock.Advance(TimeSpan.FromMilliseconds(10));
            }

            given.FakeClock.Advance(TimeSpan.FromMilliseconds(200));
            if (differing.Count == 0)
            {
                return;
            }
        }

        foreach (var state in replicas.Select(StateOf))
        {
            FiguresOf(state).ShouldBe(
                expected, ignoreOrder: true, $"The state by notifications must equal that of a query at {given.Clock.GetUtcNow()}; it is of {state.AsOf}, by {state.Source}.");
        }
    }

    private static LiveSnapshot StateOf(RunningService replica) => replica.Services.GetRequiredService<LiveState>().Latest!;

    private static HashSet<string> FiguresOf(LiveSnapshot state) =>
    [
        .. state.Queues.Where(queue => queue.Waiting + queue.Interacting + queue.Alerting > 0).Select(queue =>
            $"{queue.QueueId} {queue.MediaType} {queue.Waiting} {queue.Interacting} {queue.Alerting} {(queue.Waiting > 0 ? queue.LongestWaitingSince : null)} {(queue.Interacting > 0 ? queue.LongestInteractingSince : null)}"),
        .. state.Users.Select(users =>
            $"{users.QueueId} {users.OnQueue} {users.Active} {users.Members} {users.OffQueue} {Shown(users.ByPresence)} {Shown(users.ByRoutingStatus)}"),
    ];

    private static string Shown(IEnumerable<KeyValuePair<string, int>> users) => string.Join(',', users.Where(part => part.Value > 0).Select(part => $"{part.Key}={part.Value}"));
}
