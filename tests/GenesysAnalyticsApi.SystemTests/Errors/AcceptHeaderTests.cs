using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>The Accept header is respected even by endpoints that offer only JSON.</summary>
public sealed class AcceptHeaderTests
{
    private static readonly string[] JsonOnly = ["/catalog", "/queues", "/queues/00000000-0000-4000-8000-000000000009", "/wrapup-codes", "/wrapup-codes/x"];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/csv", false)]
    [InlineData("text/*, application/xml", false)]
    [InlineData("application/json;q=0", false)]
    [InlineData("*/*, application/json;q=0", false)]
    [InlineData("*/*;q=0", false)]
    [InlineData("nonsense", false)]
    [InlineData("application/json;q=abc", false)]
    [InlineData("application/json;q=2", false)]
    [InlineData("application/json", true)]
    [InlineData("APPLICATION/JSON; charset=utf-8", true)]
    [InlineData("application/*", true)]
    [InlineData("*/*", true)]
    [InlineData("*", true)]
    [InlineData("", true)]
    [InlineData(" ,", true)]
    [InlineData("text/csv, application/json;q=0.1", true)]
    [InlineData("text/csv, nonsense, application/json;q=x, */*;q=0.1", true)]
    [InlineData("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", true)] // java.net.HttpURLConnection
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true)] // a browser
    public async Task An_endpoint_that_offers_only_JSON_responds_406_to_callers_that_do_not_accept_it(string accept, bool isAccepted)
    {
        await using var given = await SimulatedService.StartAsync();
        foreach (var address in JsonOnly)
        {
            using var response = await GetAsync(given.Client, address, accept);

            (response.StatusCode != HttpStatusCode.NotAcceptable).ShouldBe(isAccepted, address);
            if (!isAccepted)
            {
                var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestCancellation)).RootElement;
                problem.GetProperty("type").GetString().ShouldBe("/problems/not-acceptable");
                problem.GetProperty("detail").GetString()!.ShouldEndWith(" Available: application/json.");
            }
        }
    }

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("*/*, text/event-stream;q=0", false)]
    [InlineData("nonsense", false)]
    [InlineData("text/event-stream", true)] // EventSource
    [InlineData("text/event-stream, application/problem+json", true)] // clients that Kiota generates
    [InlineData("application/json, text/*;q=0.1", true)]
    [InlineData("*/*", true)]
    [InlineData("", true)]
    public async Task An_endpoint_that_offers_only_events_responds_406_to_callers_that_do_not_accept_them(string accept, bool isAccepted)
    {
        await using var given = await SimulatedService.StartAsync();

        // An accepted request fails for another reason, because a stream would not end.
        foreach (var address in new[] { "/observations/stream?groupBy=wrong", "/jobs/0123456789abcdef0123456789abcdef/events" })
        {
            using var response = await GetAsync(given.Client, address, accept);

            response.IsSuccessStatusCode.ShouldBeFalse(address);
            (response.StatusCode != HttpStatusCode.NotAcceptable).ShouldBe(isAccepted, address);
            if (!isAccepted)
            {
                JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestCancellation)).RootElement.GetProperty("detail").GetString()!.ShouldEndWith(" Available: text/event-stream.");
            }
        }
    }

    [Theory]
    [InlineData("text/csv;q=0.5, application/json;q=0.4", "text/csv")]
    [InlineData("text/csv;q=.5, application/json;q=.4", "text/csv")]
    [InlineData("text/csv;q=abc, application/x-ndjson;q=0.1", "application/x-ndjson")]
    [InlineData("nonsense, text/csv", "text/csv")]
    [InlineData("*", "application/json")]
    [InlineData("text/csv;q=abc", null)]
    [InlineData("csv", null)]
    public async Task An_unreadable_media_type_is_ignored_if_another_is_readable(string accept, string? expected)
    {
        await using var given = await SimulatedService.StartAsync();

        using var response = await GetAsync(given.Client, "/aggregates?from=2026-11-10&to=2026-11-11", accept);

        if (expected is not null)
        {
            response.Content.Headers.ContentType!.MediaType.ShouldBe(expected);
            return;
        }

        response.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestCancellation)).RootElement.GetProperty("detail").GetString()!.ShouldStartWith(
            $"The Accept header '{accept.Replace(";", "; ", StringComparison.Ordinal)}' cannot be read: give media types, with weights from q=0 to q=1. Available: application/json, application/x-ndjson, text/csv,");
    }

    [Fact]
    public async Task The_parameter_format_overrides_the_Accept_header()
    {
        await using var given = await SimulatedService.StartAsync();

        using var response = await GetAsync(given.Client, "/aggregates?from=2026-11-10&to=2026-11-11&format=csv", "nonsense");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request, TestCancellation);
    }
}
