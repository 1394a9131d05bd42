using CsCheck;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Observations.Stream;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Observations.Stream;

public sealed class StreamStateTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 15);

    [Fact]
    public void The_passage_of_time_is_not_a_change()
    {
        var waiting = new ObservationRecord { QueueId = "a", MediaType = "voice", Waiting = 1, LongestWaitingSince = Now };
        var state = StreamState.Start(Of([waiting.At(Now)]), "e");

        var later = state.Next(Of([(waiting with { LongestWaitingSince = Now + Duration.FromMilliseconds(400) }).At(Now + Duration.FromSeconds(10))]));

        later.Rows.Version.ShouldBe(state.Rows.Version);
        later.Rows.Rows.Single().LongestWaitingSince.ShouldBe(Now);
    }

    [Fact]
    public void A_different_longest_wait_is_a_change()
    {
        var waiting = new ObservationRecord { QueueId = "a", MediaType = "voice", Waiting = 1, LongestWaitingSince = Now };
        var state = StreamState.Start(Of([waiting]), "e");

        var later = state.Next(Of([waiting with { LongestWaitingSince = Now + Duration.FromSeconds(2) }]));

        later.Rows.Since(state.Rows.Version)!.Changed.ShouldHaveSingleItem();
    }

    [Fact]
    public void Users_are_compared_by_their_counts()
    {
        var state = StreamState.Start(Of([Users(("IDLE", 2), ("INTERACTING", 1))]), "e");

        state.Next(Of([Users(("INTERACTING", 1), ("IDLE", 2))])).Rows.Version.ShouldBe(state.Rows.Version);
        state.Next(Of([Users(("INTERACTING", 2), ("IDLE", 2))])).Rows.Version.ShouldBe(state.Rows.Version + 1);
        state.Next(Of([Users(("IDLE", 2))])).Rows.Version.ShouldBe(state.Rows.Version + 1);
    }

    [Fact]
    public void Labels_stay_the_same_instance_until_one_of_them_changes()
    {
        var state = StreamState.Start(Of([], new ResponseWarning("stale", "It is old.")), "e");

        state.Next(Of([], new ResponseWarning("stale", "It is old."))).Labels.ShouldBeSameAs(state.Labels);
        state.Next(Of([])).Labels.ShouldNotBeSameAs(state.Labels);
    }

    [Fact]
    public void A_position_survives_a_round_trip_and_other_text_is_not_a_position()
    {
        Gen.Select(Gen.ULong, Gen.Long[0, long.MaxValue]).Sample((epoch, version) =>
            StreamPosition.Of(new StreamPosition($"{epoch:x16}", version).ToString()) == new StreamPosition($"{epoch:x16}", version));
        Gen.String.Sample(text => StreamPosition.Of(text) is null || text.Contains('.', StringComparison.Ordinal));

        foreach (var invalid in new[] { null, "", ".", "a.", ".7", "a.-7", "a.+7", "a. 7", "a.99999999999999999999", new string('a', 70) + ".1" })
        {
            StreamPosition.Of(invalid).ShouldBeNull();
        }
    }

    private static ObservationRecord Users(params (string Status, int Count)[] users) =>
        new() { QueueId = "a", UsersByRoutingStatus = users.ToDictionary(user => user.Status, user => user.Count) };

    private static ObservationsResponse Of(IReadOnlyList<ObservationRecord> records, params ResponseWarning[] warnings) => new(
        new ResolvedObservationsQuery([], [], []), records, warnings, new ObservationsMeta(Now, 0, warnings is [], false, "polling", false, "genesys"));
}
