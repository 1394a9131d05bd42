using CsCheck;
using GenesysAnalyticsApi.Reconciliation.Comparing;
using NodaTime;
using static GenesysAnalyticsApi.Tests.Reconciliation.SampleConversations;

namespace GenesysAnalyticsApi.Tests.Reconciliation;

public sealed class OpenSessionTallyTests
{
    private const int Buckets = 4;

    /// <summary>A session is in each cell from the bucket of its start to that of its end or, if it is open, to the last bucket.</summary>
    [Fact]
    public void Sessions_are_counted_in_the_cells_that_they_were_in() =>
        Gen.Select(Gen.Int[-2 * 3600, 5 * 3600], Gen.Int[0, 3 * 3600], Gen.Int[0, 3 * 3600], Gen.Bool, Gen.Bool).Array[0, 20].Sample(all =>
        {
            var sessions = all.Select(one => (
                Queue: one.Item5 ? Queue : Queue.ToUpperInvariant(), Conversation: At(one.Item1), Started: At(one.Item1 + one.Item2), Ended: one.Item4 ? At(one.Item1 + one.Item2 + one.Item3) : (Instant?)null)).ToList();
            var tally = new OpenSessionTally(Hours(Buckets));
            foreach (var session in sessions)
            {
                tally.Add(session.Queue, Voice, session.Conversation, session.Started, session.Ended);
            }

            for (var bucket = 0; bucket < Buckets; bucket++)
            {
                var (from, to) = (At(bucket * 3600), At((bucket + 1) * 3600));
                var inside = sessions.Where(session => session.Started < to && (session.Ended is null || session.Ended >= from)).ToList();
                var found = tally.In(new(Queue, Voice, bucket));
                found.Count.ShouldBe(inside.Count);
                found.MsUntil(to).ShouldBe(inside.Sum(session => (to - session.Conversation).TotalMilliseconds));
                found.LongestMsUntil(to).ShouldBe(inside.Select(session => (to - session.Conversation).TotalMilliseconds).DefaultIfEmpty(0).Max());
            }
        });

    /// <summary>Email conversations stay open for days, and there are many of them.</summary>
    [Fact]
    public void Memory_does_not_grow_with_the_number_of_sessions()
    {
        var tally = new OpenSessionTally(Hours(Buckets));
        tally.Add(Queue, "email", At(-1), At(-1), null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            tally.Add(Queue, "email", At(-i), At(-i), null);
        }

        tally.In(new(Queue, "email", 0)).Count.ShouldBe(100_001);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
    }
}
