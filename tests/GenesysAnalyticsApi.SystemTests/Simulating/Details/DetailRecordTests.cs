using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Details;

/// <summary>Properties that real records have been seen to have, and that a reader must handle.</summary>
public sealed class DetailRecordTests
{
    /// <summary>The parts of a call of 40 minutes with a hold must not have negative lengths.</summary>
    [Fact]
    public async Task A_long_call_has_no_negative_parts()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new SimulatorSettings { Queues = 48 });
        organization.Clock.SetUtcNow(new(2026, 10, 25, 0, 0, 0, TimeSpan.Zero));
        await organization.LogInAsync();

        var records = await organization.DetailsAsync(new(2026, 10, 22, 10, 0, 0, TimeSpan.Zero), new(2026, 10, 22, 11, 0, 0, TimeSpan.Zero));

        var sessions = records.SelectMany(record => record["participants"]!.AsArray()).SelectMany(participant => participant!["sessions"]!.AsArray()).ToList();
        sessions.SelectMany(session => session!["metrics"]?.AsArray() ?? []).Max(metric => metric!["name"]!.GetValue<string>() == "tTalkComplete" ? metric["value"]!.GetValue<long>() : 0)
            .ShouldBeGreaterThan(2_400_000, "there is such a call");
        sessions.SelectMany(session => session!["metrics"]?.AsArray() ?? []).ShouldAllBe(metric => metric!["value"]!.GetValue<long>() >= 0);
        sessions.SelectMany(session => session!["segments"]?.AsArray() ?? []).Where(segment => segment!["segmentEnd"] is not null)
            .ShouldAllBe(segment => segment!["segmentEnd"]!.GetValue<DateTimeOffset>() >= segment["segmentStart"]!.GetValue<DateTimeOffset>());
    }

    private static readonly DateTimeOffset From = Day(2026, 4, 13);

    [Fact]
    public async Task Records_have_the_peculiarities_of_real_ones()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 30, RequestsPerMinute = 100_000 });
        var records = await organization.DetailsAsync(From, From.AddDays(1));
        var sessions = records.SelectMany(DetailCount.Sessions).ToList();

        AnswerDelays(records).ShouldAllBe(delay => delay >= 10 && delay <= 30);
        AnswerDelays(records).Count.ShouldBeGreaterThan(500);
        sessions.Where(session => Has(session, "tNotResponding") && Has(session, "tHandle")).ShouldNotBeEmpty();
        sessions.Where(session => Has(session, "tNotResponding") && Has(session, "tHandle"))
            .ShouldAllBe(session => Value(session, "tHandle") == Value(session, "tAcw"));
        sessions.Where(session => Has(session, "tNotResponding") && !Has(session, "tHandle")).ShouldNotBeEmpty();
        sessions.Where(IsWrappedUpLonger).ShouldNotBeEmpty();
        sessions.SelectMany(session => session["segments"]!.AsArray()).ShouldContain(segment => (string?)segment!["wrapUpCode"] == "ININ-WRAP-UP-TIMEOUT");
        records.ShouldContain(record => record["divisionIds"]!.AsArray().Count > 1);
        sessions.SelectMany(session => session["metrics"]?.AsArray() ?? []).Select(metric => (string?)metric!["name"]).Distinct()
            .Intersect(["tWait", "oServiceLevel", "oServiceTarget", "nConversations", "oMediaCount", "oMessageTurn", "oMessageCount"]).ShouldBeEmpty();
        records.ShouldAllBe(record => Starts(record).Min(StringComparer.Ordinal) == (string?)record["conversationStart"]);
    }

    [Fact]
    public async Task The_queue_of_a_voice_call_has_a_delay_segment_first_and_that_of_an_email_has_none()
    {
        await using var organization = await DetailQueryTests.StartAsync();
        var queues = (await organization.DetailsAsync(From, From.AddDays(1))).SelectMany(record => record["participants"]!.AsArray())
            .Where(participant => (string?)participant!["purpose"] == "acd")
            .Select(participant => ((string?)participant!["sessions"]![0]!["mediaType"], string.Join(' ', DetailCount.Segments(participant!).Select(segment => (string?)segment["segmentType"]))))
            .ToList();

        queues.Where(queue => queue.Item1 == "voice").ShouldAllBe(queue => queue.Item2 == "delay interact");
        queues.Where(queue => queue.Item1 == "email").ShouldAllBe(queue => queue.Item2 == "interact");
        queues.Select(queue => queue.Item1).Distinct().Count().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task An_email_can_stay_in_its_queue_forever()
    {
        await using var organization = await DetailQueryTests.StartAsync();

        var orphans = await organization.DetailsAsync(From.AddDays(-30), From.AddDays(-10), JsonNode.Parse(
            """[{"type":"and","predicates":[{"dimension":"purpose","value":"acd"},{"dimension":"segmentEnd","operator":"notExists"}]}]"""));

        orphans.ShouldNotBeEmpty();
        orphans.ShouldAllBe(record => record["conversationEnd"] == null && (string?)record["participants"]![0]!["sessions"]![0]!["mediaType"] == "email");
    }

    [Fact]
    public async Task Personal_data_is_present_and_recognizable()
    {
        await using var organization = await DetailQueryTests.StartAsync();

        var text = new JsonArray([.. (await organization.DetailsAsync(From, From.AddDays(1))).Select(record => record.DeepClone())]).ToJsonString();

        string[] planted = ["Erika Beispiel-", "tel:\\u002B4930555", "kunde.", "@example.org", "Betreff-", "Notiz-", "callbackNumbers"];
        planted.ShouldAllBe(personal => text.Contains(personal, StringComparison.Ordinal));
        text.ShouldNotContain("\"attributes\"");
    }

    private static List<double> AnswerDelays(IEnumerable<JsonNode> records) =>
    [
        .. from record in records
           let sessions = DetailCount.Sessions(record).ToList()
           from answered in sessions.Where(session => Has(session, "tAnswered"))
           from acd in sessions.Where(session => Has(session, "tAcd"))
           select (Emitted(answered, "tAnswered") - Emitted(acd, "tAcd")).TotalMilliseconds,
    ];

    private static bool IsWrappedUpLonger(JsonNode session) => session["segments"]!.AsArray().Any(segment => (string?)segment!["segmentType"] == "wrapup"
        && segment["segmentEnd"] is { } end && (DetailCount.Instant(end) - DetailCount.Instant(segment["segmentStart"]!)).TotalMilliseconds > Value(session, "tAcw"));

    private static IEnumerable<string> Starts(JsonNode record) =>
        DetailCount.Sessions(record).SelectMany(session => session["segments"]!.AsArray()).Select(segment => segment!["segmentStart"]!.GetValue<string>());

    private static bool Has(JsonNode session, string metric) => Find(session, metric) is not null;

    private static long Value(JsonNode session, string metric) => Find(session, metric)?["value"]!.GetValue<long>() ?? 0;

    private static DateTimeOffset Emitted(JsonNode session, string metric) => DetailCount.Instant(Find(session, metric)!["emitDate"]!);

    private static JsonNode? Find(JsonNode session, string metric) =>
        session["metrics"]?.AsArray().FirstOrDefault(one => (string?)one!["name"] == metric);
}
