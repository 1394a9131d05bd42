using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using GenesysSimulator;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

/// <summary>A simulator on a clock that stands still, and an authenticated client.</summary>
internal sealed class SimulatedOrganization : IAsyncDisposable
{
    public const string AggregatesPath = "/api/v2/analytics/conversations/aggregates/query";

    public const string DetailsPath = "/api/v2/analytics/conversations/details";

    public static readonly DateTimeOffset Now = new(2026, 4, 15, 10, 0, 0, TimeSpan.Zero);

    private SimulatedOrganization(GenesysSimulator.Simulator simulator, FakeTimeProvider clock)
    {
        (Simulator, Clock) = (simulator, clock);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = simulator.BaseAddress };
    }

    public GenesysSimulator.Simulator Simulator { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Client { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SimulatedOrganization> StartAsync(SimulatorSettings? settings = null, DateTimeOffset? now = null)
    {
        var clock = new FakeTimeProvider(now ?? Now);
        var simulator = await GenesysSimulator.Simulator.StartAsync(settings ?? new SimulatorSettings(), clock, Cancellation);
        var organization = new SimulatedOrganization(simulator, clock);
        await organization.LogInAsync();
        return organization;
    }

    public Guid Queue(string name) => Simulator.World.Queues.First(queue => queue.Name == name).Id;

    public async Task LogInAsync()
    {
        var reply = await PostTokenAsync("simulator", "simulator");
        var token = JsonNode.Parse(await reply.Content.ReadAsStringAsync(Cancellation))!["access_token"]!.GetValue<string>();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<HttpResponseMessage> PostTokenAsync(string id, string secret, string grant = "client_credentials")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", grant)]),
        };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.Latin1.GetBytes($"{id}:{secret}")));
        return await Client.SendAsync(request, Cancellation);
    }

    public Task<HttpResponseMessage> PostAsync(JsonNode query) =>
        Client.PostAsJsonAsync(AggregatesPath, query, Cancellation);

    public Task<HttpResponseMessage> PostAsync(string path, JsonNode body) => Client.PostAsJsonAsync(path, body, Cancellation);

    /// <summary>The reply to a query that must succeed.</summary>
    public async Task<JsonObject> JsonAsync(string path, JsonNode body)
    {
        using var reply = await PostAsync(path, body);
        var text = await reply.Content.ReadAsStringAsync(Cancellation);
        reply.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!.AsObject();
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

    public async Task<JsonObject> JsonAsync(string path) =>
        JsonNode.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation))!.AsObject();

    public async Task<JsonArray> QueryAsync(JsonNode query)
    {
        using var reply = await PostAsync(query);
        var text = await reply.Content.ReadAsStringAsync(Cancellation);
        reply.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!["results"]?.AsArray() ?? [];
    }

    /// <summary>The records of all pages of a details query.</summary>
    public async Task<List<JsonNode>> DetailsAsync(DateTimeOffset from, DateTimeOffset to, JsonNode? segmentFilters = null)
    {
        var found = new List<JsonNode>();
        JsonArray? page;
        do
        {
            var query = SimulatorQueries.DetailQuery(from, to, 100, (found.Count / 100) + 1).With("segmentFilters", segmentFilters?.DeepClone());
            page = (await DetailsAsync(query))["conversations"]?.AsArray();
            found.AddRange((page ?? []).OfType<JsonNode>());
        }
        while (page?.Count == 100);
        return found;
    }

    public Task<JsonObject> DetailsAsync(JsonNode query) => JsonAsync(DetailsPath + "/query", query);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Simulator.DisposeAsync();
    }
}
