using GenesysSimulator.World;
using GenesysSimulator.World.Agents;
using GenesysSimulator.World.Conversations;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class AgentTests
{
    private static readonly SimulatedWorld World = new(new(), SimulatedOrganization.Now);

    [Theory]
    [InlineData(48, null)]
    [InlineData(1, null)]
    [InlineData(9, 12)]
    [InlineData(200, 1500)]
    public void Each_agent_works_in_up_to_five_related_queues_and_each_queue_has_at_least_three(int queues, int? count)
    {
        var world = new SimulatedWorld(new() { Queues = queues, Agents = count }, SimulatedOrganization.Now);

        world.Agents.ShouldAllBe(agent => agent.QueueIds.Count >= 1 && agent.QueueIds.Count <= 5);
        world.Queues.ShouldAllBe(queue => world.Agents.Count(agent => agent.State == AgentState.Active && agent.QueueIds.Contains(queue.Id)) >= 3);
        world.Agents.Select(agent => agent.Id).Distinct().Count().ShouldBe(world.Agents.Count);
        world.Agents.Count(agent => agent.State == AgentState.Inactive).ShouldBeGreaterThan(0);
        world.Agents.Count(agent => agent.State == AgentState.Deleted).ShouldBeGreaterThan(0);
        if (count > 100)
        {
            world.Agents.Count(agent => agent.State != AgentState.Deleted).ShouldBe(count.Value);
        }
    }

    [Theory]
    [InlineData(48, null)]
    [InlineData(200, 300)]
    public void An_open_queue_always_has_an_agent_at_work(int queues, int? count)
    {
        var world = new SimulatedWorld(new() { Queues = queues, Agents = count }, SimulatedOrganization.Now);
        var clock = new ShiftClock(world.Zone);
        var staying = world.Agents.Where(agent => agent.Left is null).ToList();
        foreach (var hour in WorldHour.Between(Day(2026, 3, 16).ToUnixTimeMilliseconds(), Day(2026, 4, 13).ToUnixTimeMilliseconds(), world.Zone))
        {
            var crewSet = clock.CrewSetAt(hour.StartMs);
            var atWork = staying.Where(agent => ShiftPlan.IsAtWork(agent.Shift, crewSet)).SelectMany(agent => agent.QueueIds).ToHashSet();
            world.Streams.Where(stream => stream.Queue is not null && TrafficCalendar.Weight(stream.Traffic.Opening, hour) > 0)
                .ShouldAllBe(stream => atWork.Contains(stream.Queue!.Id));
        }
    }

    [Fact]
    public void A_session_belongs_to_an_agent_at_work_who_is_a_member_of_the_queue()
    {
        var clock = new ShiftClock(World.Zone);
        var hasShift = 0;
        var sessions = SimulatedEvents.Between(World, Day(2026, 4, 10), Day(2026, 4, 14), SimulatedOrganization.Now)
            .Where(one => one["userId"] is not null).DistinctBy(one => (one.Session, one.Stream)).ToList();
        foreach (var one in sessions)
        {
            var agent = World.Agents[one.Session.Agent];
            var crewSet = clock.CrewSetAt(one.Session.Began);
            var team = one.Stream.Team.Members.Select(member => World.Agents[member]).Where(member => member.Left is null).ToList();
            (one.Stream.Queue is null || agent.QueueIds.Contains(one.Stream.Queue.Id)).ShouldBeTrue();
            var isAtWork = ShiftPlan.IsAtWork(agent.Shift, crewSet);
            (isAtWork || team.Count(member => ShiftPlan.IsAtWork(member.Shift, crewSet)) <= 1).ShouldBeTrue();
            hasShift += isAtWork ? 1 : 0;
        }

        // Callbacks and e-mails are also handled after closing time.
        ((double)hasShift / sessions.Count).ShouldBeGreaterThan(0.98);
    }

    [Fact]
    public void A_local_hour_has_the_same_shift_in_summer_and_in_winter()
    {
        var clock = new ShiftClock(World.Zone);

        int HourOf(int month, int day, int hour) => clock.HourAt(Day(2026, month, day).AddHours(hour).ToUnixTimeMilliseconds()) % 168;

        HourOf(1, 12, 5).ShouldBe(6);
        HourOf(7, 13, 4).ShouldBe(6);
        HourOf(3, 29, 0).ShouldBe(145);
        HourOf(3, 29, 1).ShouldBe(147);
    }

    [Fact]
    public void No_agent_has_sessions_after_leaving_and_all_have_some_before()
    {
        var left = World.Agents.Where(agent => agent.Left is not null).ToList();
        var last = new long[World.Agents.Count];
        foreach (var end in left.Select(agent => agent.Left!.Value).Distinct())
        {
            foreach (var stream in World.Streams)
            {
                var (seen, events) = (new LastSeen(last), new MetricEvents());
                foreach (var hour in WorldHour.Between(end.AddDays(-8).ToUnixTimeMilliseconds(), end.AddDays(2).ToUnixTimeMilliseconds(), World.Zone))
                {
                    stream.VisitHour(hour, World.SnapshotAt(SimulatedOrganization.Now), events, ref seen);
                }
            }
        }

        left.ShouldAllBe(agent => agent.State != AgentState.Active && agent.Left <= SimulatedOrganization.Now);
        left.Min(agent => agent.Left!.Value).ShouldBeLessThan(SimulatedOrganization.Now.AddMonths(-2));
        foreach (var agent in left)
        {
            var seen = DateTimeOffset.FromUnixTimeMilliseconds(last[World.Agents.ToList().IndexOf(agent)]);
            seen.ShouldBeInRange(agent.Left!.Value.AddDays(-8), agent.Left.Value);
        }
    }

    [Fact]
    public void Names_are_of_many_cultures_and_two_are_the_same()
    {
        var names = World.Agents.Select(agent => agent.Name).ToList();

        names.ShouldContain("Jürgen Großmüller");
        names.ShouldContain("佐藤 花子");
        names.ShouldContain("نور الهاشمي");
        names.ShouldContain(name => name.StartsWith('='));
        names.ShouldContain(name => name.Contains('"'));
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => (group.Key, group.Count())).ShouldBe([("Maria Schmidt", 2)]);
    }

    [Fact]
    public void Most_agents_have_sessions_of_several_queues_in_a_week()
    {
        var events = SimulatedEvents.Between(World, Day(2026, 4, 6), Day(2026, 4, 13), SimulatedOrganization.Now);

        var handled = events.Where(one => one.Metric == "tHandle").GroupBy(one => one["userId"]!).ToList();

        handled.Count.ShouldBeGreaterThan(World.Agents.Count(agent => agent.State == AgentState.Active) * 19 / 20);
        handled.Average(agent => agent.Select(one => one["queueId"]).Distinct().Count()).ShouldBeInRange(1.5, 4);
    }

    private readonly record struct LastSeen(long[] OfAgent) : IConversationVisitor
    {
        public void Visit(MetricEvents conversation)
        {
            foreach (var one in conversation.All)
            {
                if (conversation.Sessions[one.Session].Agent is >= 0 and var agent)
                {
                    OfAgent[agent] = Math.Max(OfAgent[agent], one.At);
                }
            }
        }
    }
}
