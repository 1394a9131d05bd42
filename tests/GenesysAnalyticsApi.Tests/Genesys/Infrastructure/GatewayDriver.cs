using System.Collections.Immutable;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Limits;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

/// <summary>The real gateway with its real pipeline, in front of a fake upstream and on a fake clock.</summary>
internal sealed class GatewayDriver : IDisposable
{
    public const string Secret = "s3cr3t-of-the-client";

    public static readonly ImmutableArray<Instant> Day = [Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 1, 2, 0, 0)];

    public static readonly AggregatesRequest Request = new(Day, null, null, ["nOffered"], null, []);

    private readonly ServiceProvider _services;

    public GatewayDriver(Action<GenesysOptions>? configure = null)
    {
        Genesys = new FakeGenesysHandler(Clock);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
        services.AddGenesys();
        TestedClient.AddTo(services);
        services.Configure<GenesysOptions>(options =>
        {
            options.Client = TestedClient.Client;
            options.Region = "eu-west-1";
            options.ClientId = "client";
            options.ClientSecret = Secret;
            configure?.Invoke(options);
        });
        services.AddHttpClient(GenesysApiClient.ClientName).ConfigurePrimaryHttpMessageHandler(() => Genesys);
        services.AddHttpClient(TokenEndpointClient.ClientName).ConfigurePrimaryHttpMessageHandler(() => Genesys);
        _services = services.BuildServiceProvider();
    }

    public SteppingClock Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));

    public FakeGenesysHandler Genesys { get; }

    public CapturedLogs Logs { get; } = new();

    public IGenesysGateway Gateway => _services.GetRequiredService<IGenesysGateway>();

    public IConversationDetails Details => _services.GetRequiredService<IConversationDetails>();

    public IActivityGateway Activity => _services.GetRequiredService<IActivityGateway>();

    public GenesysRateLimiter Limiter => _services.GetRequiredService<GenesysRateLimiter>();

    public AccessTokenProvider Tokens => _services.GetRequiredService<AccessTokenProvider>();

    public LimitCeilings Ceilings => _services.GetRequiredService<LimitCeilings>();

    /// <summary>Reads the limits of the organization once it is started.</summary>
    public OrganizationLimitsRefresher LimitsReader => _services.GetServices<IHostedService>().OfType<OrganizationLimitsRefresher>().Single();

    public GenesysResiliencePipeline Resilience => _services.GetRequiredService<GenesysResiliencePipeline>();

    public Task<AggregatesReply> QueryAsync(CancellationToken cancellationToken = default) => Gateway.QueryAggregatesAsync(Request, cancellationToken);

    /// <summary>Sends a request and advances the clock until there is a reply.</summary>
    public async Task<AggregatesReply> QueryToCompletionAsync()
    {
        var pending = QueryAsync();
        await PassTimeUntilAsync(pending);
        return await pending;
    }

    public async Task<GenesysFailure> FailAsync() => (await FailToCompletionAsync()).Failure;

    public async Task<GenesysException> FailToCompletionAsync() => await Should.ThrowAsync<GenesysException>(QueryToCompletionAsync);

    public async Task PassTimeUntilAsync(Task task)
    {
        var start = Clock.GetTimestamp();
        while (!task.IsCompleted)
        {
            await SettleAsync(task);
            Clock.AdvanceToNextTimer();
            Clock.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(30), "the task never completes");
        }
    }

    /// <summary>Lets all work run that does not wait for the fake clock. The thread pool is real.</summary>
    public static async Task SettleAsync(Task? until = null)
    {
        for (var i = 0; (i < 10 || (i < 300 && ThreadPool.PendingWorkItemCount > 0)) && until is not { IsCompleted: true }; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for work that does not wait for the fake clock, for as long as a slow machine needs.</summary>
    public static async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30), what);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _services.Dispose();
}

/// <summary>Every log line with all its data, including exceptions.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            logs.Add($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Add($"{eventId.Id} {category} {formatter(state, exception)} {exception}");
    }

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }
}

/// <summary>Replies in the format of Genesys.</summary>
internal static class Wire
{
    public const string OneQueue =
        """{"results":[{"group":{"mediaType":"voice","queueId":"q1"},"data":[{"interval":"2026-01-01T00:00:00.000Z/2026-01-02T00:00:00.000Z","metrics":[{"metric":"nOffered","stats":{"count":5}},{"metric":"tHandle","stats":{"max":30,"min":10,"count":2,"sum":40}}]}]}]}""";

    public const string BadCredentials = """{"message":"Invalid login credentials.","code":"bad.credentials","status":401,"contextId":"ctx-401"}""";

    public static string Error(string code, string message) => $$"""{"message":"{{message}}","code":"{{code}}","contextId":"ctx-1"}""";

    public static void RetryAfter(HttpResponseMessage response, string value) => response.Headers.TryAddWithoutValidation("Retry-After", value).ShouldBeTrue();

    public static void Limits(HttpResponseMessage response, int count, int allowed, int reset)
    {
        response.Headers.Add("inin-ratelimit-count", $"{count}");
        response.Headers.Add("inin-ratelimit-allowed", $"{allowed}");
        response.Headers.Add("inin-ratelimit-reset", $"{reset}");
    }

    /// <summary>Compares JSON regardless of the order of members.</summary>
    public static void ShouldBeJson(this string body, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(expected)).ShouldBeTrue(body);
}
