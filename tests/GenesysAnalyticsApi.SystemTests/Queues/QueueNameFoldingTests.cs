using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Queues;

/// <summary>Names that a caller types match the spelling of Genesys: in filters, in the listing, and in the rules of a key.</summary>
public sealed class QueueNameFoldingTests
{
    private const string Day = "from=2026-11-01&to=2026-11-02";

    private static readonly FakeQueue[] Queues =
    [
        new("b0000000-0000-4000-8000-000000000001", "İADE", null),
        new("b0000000-0000-4000-8000-000000000002", "Gru\u0308n", null),
        new("b0000000-0000-4000-8000-000000000003", "Grundfragen", null),
        new("b0000000-0000-4000-8000-000000000004", " Straße\u00A0Nord", null),
        new("b0000000-0000-4000-8000-000000000005", new string('n', 79) + "😀" + new string('m', 400), null),
    ];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("iade", 1)]
    [InlineData("iade*", 1)]
    [InlineData("İ*", 1)]
    [InlineData("GRÜN", 2)]
    [InlineData("grü*", 2)]
    [InlineData("gru*", 3)] // ü does not equal u
    [InlineData("STRASSE NORD ", 4)]
    [InlineData("*ẞe n*", 4)]
    public async Task The_filter_and_the_listing_match_the_same_queue(string name, int number)
    {
        using var service = Service();

        var figures = await service.QueryAsync($"{Day}&queue={Uri.EscapeDataString(name)}");
        var listing = await service.CreateClient().GetFromJsonAsync<JsonObject>(new Uri($"/queues?name={Uri.EscapeDataString(name)}", UriKind.Relative), TestCancellation);

        figures.Records().Select(record => record.Text("queueId")).ShouldBe([Queues[number - 1].Id]);
        listing!["records"]!.AsArray().Select(queue => queue!["id"]!.ToString()).ShouldBe([Queues[number - 1].Id]);
    }

    [Theory]
    [InlineData("iade", 1)]
    [InlineData("grü*", 2)]
    [InlineData("gru*", 3)] // a key for one queue matches no other, however its name is typed
    [InlineData("strasse nord", 4)]
    public async Task A_key_sees_the_queues_that_its_rule_matches(string rule, int number)
    {
        var keys = new IssuedKeys().Add("limited", ("Queues:0", rule));
        using var service = Service(keys);
        using var client = keys.Of("limited", service);

        var response = await client.GetFromJsonAsync<JsonObject>(new Uri($"/aggregates?{Day}", UriKind.Relative), TestCancellation);

        response!.Records().Select(record => record.Text("queueId")).ShouldBe([Queues[number - 1].Id]);
    }

    [Fact]
    public async Task Suggested_names_start_with_prefix_matches_and_are_truncated_between_characters()
    {
        using var service = Service();

        var prefix = await service.QueryProblemAsync($"{Day}&queue=grund", 404, "unknown-queue");
        var cut = await service.QueryProblemAsync($"{Day}&queue={new string('n', 70)}", 404, "unknown-queue");
        var joined = await service.QueryProblemAsync($"{Day}&queue=Grundfragen,Sales", 404, "unknown-queue");

        prefix.Text("detail")!.ShouldStartWith("No queue is called 'grund'. The closest names are: 'Grundfragen', ");
        // The emoji would be the 80th and 81st character: half of it must not be shown.
        cut.Text("detail")!.ShouldContain($"The closest names are: '{new string('n', 79)}…', ");
        joined.Text("detail")!.ShouldEndWith(" A comma is part of a name, so give each name as a separate value.");
    }

    private static RunningService Service(IssuedKeys? keys = null) => new()
    {
        Upstream = new FakeGenesysServer
        {
            Queues = Queues,
            Events = [.. Queues.Select(queue => new FakeEvent(queue.Id, "voice", Instant.FromUtc(2026, 11, 1, 9, 30), "nOffered"))],
        }.Upstream(),
        Settings = keys?.Settings ?? [],
    };
}
