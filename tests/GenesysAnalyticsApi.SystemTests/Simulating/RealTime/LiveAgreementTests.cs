using System.Text.Json.Nodes;
using static GenesysAnalyticsApi.SystemTests.Simulating.RealTime.RealTimeQueries;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.RealTime;

/// <summary>Real-time queries and details come from the same events: at any instant, the real-time figures can be counted from the details.</summary>
public sealed class LiveAgreementTests
{
    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(3, false, true)]
    [InlineData(4, true, true)]
    public async Task At_a_random_instant_activity_and_observations_equal_the_counts_over_the_details(int seed, bool lateMutation, bool drifts)
    {
        var random = new Random(seed);
        var now = Day(2026, 3, 2).AddHours(6).AddMilliseconds(random.Next(0, 12 * 3_600_000));
        await using var organization = await SimulatedOrganization.StartAsync(
            new()
            {
                Seed = random.Next(),
                Queues = random.Next(4, 17),
                Volume = 1.5,
                LateMutation = lateMutation,
                DriftFrom = drifts ? now.AddHours(-5) : null,
                DriftAt = now.AddSeconds(10),
                RequestsPerMinute = 100_000,
            },
            now);
        for (var round = 0; round < 4; round++)
        {
            await AgreeAsync(organization);

            // Short steps meet states that last milliseconds; the long step reaches another hour of the day.
            organization.Clock.Advance(TimeSpan.FromMilliseconds(round == 1 ? random.Next(0, 3_600_000 * 9) : random.Next(1, 30_000)));
        }
    }

    [Fact]
    public async Task An_email_that_never_leaves_its_queue_is_dropped_from_activity_but_not_from_details()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 30, RequestsPerMinute = 100_000 });
        var all = await organization.AllAsync(ConversationsPath, Activity(["oWaiting"], details: true, "queueId", "mediaType"));

        var waiting = all.SelectMany(group => group["entities"]!.AsArray()).Select(entity => (string?)entity!["conversationId"]).ToHashSet();
        var orphans = await organization.DetailsAsync(SimulatedOrganization.Now.AddDays(-9), SimulatedOrganization.Now, JsonNode.Parse(
            """[{"type":"and","predicates":[{"dimension":"purpose","value":"acd"},{"dimension":"mediaType","value":"email"},{"dimension":"segmentEnd","operator":"notExists"}]}]"""));

        orphans.ShouldContain(orphan => !waiting.Contains((string?)orphan["conversationId"]));
        waiting.ShouldNotBeEmpty();
    }

    private static async Task AgreeAsync(SimulatedOrganization organization)
    {
        var expected = await LiveCount.OfAsync(organization);
        var queues = organization.Simulator.World.Queues.Select(queue => queue.Id).ToList();

        var activity = Figures(await organization.AllAsync(ConversationsPath, Activity(ConversationMetrics, false, "queueId", "mediaType")));
        var observed = Figures((await organization.JsonAsync(ObservationsPath, Observation(queues, ConversationMetrics)))["results"]!.AsArray().OfType<JsonNode>());
        var users = await organization.AllAsync(RoutingPath, Activity(UserMetrics, details: true, "queueId"));

        expected.Figures.ShouldNotBeEmpty();
        Truth(organization).ShouldBe(expected.Figures);
        activity.ShouldBe(expected.Figures);
        observed.ShouldBe(expected.Figures);
        CheckUsers(users, expected);
        var observedUsers = (await organization.JsonAsync(ObservationsPath, Observation(queues, UserMetrics)))["results"]!.AsArray().OfType<JsonNode>();
        Counts(observedUsers).ShouldBe(Counts(users));
        organization.Simulator.World.Users(organization.Clock.GetUtcNow()).Sum(queue => queue.OnQueue).ShouldBe(Counts(users).Where(count => count.Key.Contains("oOnQueueUsers", StringComparison.Ordinal)).Sum(count => count.Value));
    }

    /// <summary>The numbers of users by queue, metric and qualifier. For presences, the qualifier is the organization's own.</summary>
    private static SortedDictionary<string, int> Counts(IEnumerable<JsonNode> groups) => new(
        groups.SelectMany(group => group["data"]!.AsArray().Select(data => (
            Key: Key(group.Dimension("queueId"), (string?)data!["metric"], (string?)(data["secondaryQualifier"] ?? data["qualifier"]) ?? ""),
            Count: (data["stats"] ?? data)["count"]!.GetValue<int>())))
            .Where(user => user.Count > 0)
            .ToDictionary(user => user.Key, user => user.Count, StringComparer.Ordinal),
        StringComparer.Ordinal);

    // The figures that the tests of the service compare with.
    private static SortedDictionary<string, long> Truth(SimulatedOrganization organization)
    {
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var one in organization.Simulator.World.Activity(organization.Clock.GetUtcNow()))
        {
            foreach (var (metric, value) in new[]
            {
                ("oWaiting", one.Waiting), ("oAlerting", one.Alerting), ("oInteracting", one.Interacting),
                ("oLongestWaiting", one.LongestWaitingSince?.ToUnixTimeMilliseconds() ?? 0), ("oLongestInteracting", one.LongestInteractingSince?.ToUnixTimeMilliseconds() ?? 0),
            })
            {
                if (value > 0)
                {
                    figures.Add(Key(one.QueueId.ToString(), one.MediaType, metric), value);
                }
            }
        }

        return figures;
    }

    private static void CheckUsers(List<JsonNode> groups, LiveCount expected)
    {
        var statuses = groups.SelectMany(group => group["entities"]!.AsArray())
            .GroupBy(entity => (string)entity!["userId"]!, entity => (string)entity!["routingStatus"]!)
            .ToDictionary(user => user.Key, user => user.Distinct().Single(), StringComparer.Ordinal);
        foreach (var (userId, status) in statuses)
        {
            if (expected.Statuses.TryGetValue(userId, out var known))
            {
                status.ShouldBe(known);
            }
            else
            {
                status.ShouldBeOneOf("IDLE", "OFF_QUEUE");
            }
        }

        foreach (var group in groups)
        {
            long Sum(string metric) => group["data"]!.AsArray().Where(data => (string?)data!["metric"] == metric).Sum(data => data!["count"]!.GetValue<long>());

            var members = Sum("oMemberUsers");
            members.ShouldBeGreaterThan(0);
            (Sum("oOnQueueUsers") + Sum("oOffQueueUsers"), Sum("oUserPresences"), Sum("oUserRoutingStatuses")).ShouldBe((members, members, members));
            Sum("oActiveUsers").ShouldBeInRange(members / 2, members);
        }
    }
}
