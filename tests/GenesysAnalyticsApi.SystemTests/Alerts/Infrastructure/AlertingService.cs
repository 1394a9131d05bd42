using System.Text.Json;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Alerts.Infrastructure;

/// <summary>The service in front of the simulator, with one webhook and one rule about waiting calls. The test sets the live state.</summary>
internal sealed class AlertingService : IAsyncDisposable
{
    public const string Secret = "planted-webhook-secret-91c4";
    public const string Token = "planted-token-5d2e";
    public const string Rule = "Many waiting";

    /// <summary>The names of two simulated queues; the first is that of <see cref="QueueId"/>.</summary>
    public const string FirstQueue = "Billing DE";
    public const string SecondQueue = "Billing EN";

    private AlertingService(SimulatedService given, FakeLiveState live, WebhookReceiver receiver) => (Given, Live, Receiver) = (given, live, receiver);

    public SimulatedService Given { get; }

    public FakeLiveState Live { get; }

    public WebhookReceiver Receiver { get; }

    /// <summary>A queue that the rule covers.</summary>
    public string QueueId { get; private set; } = "";

    /// <summary>Timers run twenty times too fast. No figure becomes too old unless the test sets <c>MaxAge</c>.</summary>
    /// <param name="key">The API key of the test's own client.</param>
    /// <param name="isFake">Whether the test sets the live state. Otherwise it is that of the simulator.</param>
    public static async Task<AlertingService> StartAsync(Dictionary<string, string>? settings = null, string? key = null, WebhookReceiver? receiver = null, bool isFake = true)
    {
        var clock = new FastClock(SimulatedService.Monday, 20);
        receiver ??= await WebhookReceiver.StartAsync();
        var live = new FakeLiveState(clock);
        var all = new Dictionary<string, string>
        {
            ["Alerts:AllowPrivateAddresses"] = "true",
            ["Alerts:Rules:0:Name"] = Rule,
            ["Alerts:Rules:0:Figure"] = "waiting",
            ["Alerts:Rules:0:Threshold"] = "10",
            ["Alerts:Rules:0:ClearThreshold"] = "5",
            ["Alerts:Rules:0:MaxAge"] = "1.00:00:00",
            ["Alerts:Rules:0:Webhooks:0"] = "receiver",
            ["Alerts:Webhooks:0:Name"] = "receiver",
            ["Alerts:Webhooks:0:Url"] = $"{receiver.Address}?token={Token}",
            ["Alerts:Webhooks:0:Secret"] = Secret,
        };
        foreach (var (setting, value) in settings ?? [])
        {
            all[setting] = value;
        }

        var given = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 4, RequestsPerMinute = 1_000_000 }, all, clock,
            services =>
            {
                if (isFake)
                {
                    services.AddSingleton<ILiveState>(live);
                }

                if (all.ContainsKey("Cache:Redis"))
                {
                    PatientRedisConnection.Add(services);
                }
            });
        var service = new AlertingService(given, live, receiver);
        service.QueueId = $"{given.Simulator.World.Queues.Single(queue => queue.Name == FirstQueue).Id}";
        if (key is not null)
        {
            given.Client.DefaultRequestHeaders.Add(ApiKeyAuthenticator.Header, key);
        }

        return service;
    }

    public void Wait(int calls, params MissingPart[] missing) => Live.Set(QueueId, calls, missing);

    public Task ReceivesAsync(int notifications) => Eventually.IsTrueAsync(() => Receiver.Received.Count >= notifications, $"the receiver has {notifications} notifications");

    /// <summary>The first alert that the service shows; null if there is none.</summary>
    public async Task<JsonElement?> AlertAsync(HttpClient? client = null)
    {
        var alerts = (await Given.QueryAsync("/alerts", client)).GetProperty("alerts").EnumerateArray().ToList();
        return alerts is [] ? null : alerts[0];
    }

    public Task ShowsAsync(string state, HttpClient? client = null) => Eventually.IsTrueAsync(
        async () => (await AlertAsync(client))?.GetProperty("state").GetString() == state, $"the alert is {state}");

    public async ValueTask DisposeAsync()
    {
        await Given.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
