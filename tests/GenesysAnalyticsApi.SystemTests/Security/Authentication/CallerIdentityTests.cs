using System.Net;
using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Security.Authentication;

/// <summary>Callers with the same name are not the same caller.</summary>
public sealed class CallerIdentityTests
{
    private const string Cheap = "/queues?wrong=1";

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 15, 0, TimeSpan.Zero);

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_a_token_and_an_anonymous_caller_of_the_same_name_have_separate_rate_limits()
    {
        await using var provider = await TokenProvider.StartAsync();
        var keys = new IssuedKeys().Add("anonymous", ("RequestsPerMinute", "1"));
        using var service = new RunningService
        {
            Clock = new FakeTimeProvider(Now),
            Upstream = null,
            Settings = new(keys.Settings)
            {
                ["Auth:Mode"] = "ApiKey, Jwt, Anonymous",
                ["Auth:Jwt:Authority"] = provider.Authority,
                ["Auth:Jwt:Audience"] = TokenProvider.Audience,
                ["Callers:RequestsPerMinute"] = "2",
            },
            Replace = services => services.AddSingleton<IGenesysGateway>(new BlockingGateway()),
        };
        using var key = keys.Of("anonymous", service);
        using var anonymous = service.CreateClient();
        using var token = TokenOf(service, provider, "anonymous");
        using var another = TokenOf(service, provider, "key:anonymous");

        (await StatusesAsync(key, 2)).ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests]);
        (await StatusesAsync(anonymous, 3)).ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests]);
        (await StatusesAsync(token, 3)).ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests]);
        (await StatusesAsync(another, 1)).ShouldBe([HttpStatusCode.BadRequest]);
    }

    [Fact]
    public void Token_subjects_of_different_issuers_are_different_callers_with_identities_of_constant_length()
    {
        var one = CallerIdentity.OfToken("https://one.example", "wallboard");

        CallerIdentity.OfToken("https://one.example", "wallboard").ShouldBe(one);
        CallerIdentity.OfToken("https://two.example", "wallboard").ShouldNotBe(one);
        CallerIdentity.OfToken("https://one.example", new string('x', 10_000)).Length.ShouldBe(one.Length);
    }

    [Fact]
    public void Any_number_of_subjects_uses_bounded_memory_and_a_caller_over_its_limit_stays_rejected()
    {
        using var rates = new CallerTokenBuckets(new FakeTimeProvider(Now));
        for (var request = 0; request < 10; request++)
        {
            rates.Of("key:busy", 10).TryTake(rates.Now, out _);
        }

        for (var subject = 0; subject < CallerTokenBuckets.MaxBuckets * 2; subject++)
        {
            rates.Of($"token:{subject}", 10).TryTake(rates.Now, out _).ShouldBeTrue();
        }

        rates.Count.ShouldBeLessThanOrEqualTo(CallerTokenBuckets.MaxBuckets);
        rates.Of("key:busy", 10).TryTake(rates.Now, out _).ShouldBeFalse();
    }

    private static HttpClient TokenOf(RunningService service, TokenProvider provider, string subject)
    {
        var client = service.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", provider.Issue(Now, token => token.Claims["sub"] = subject));
        return client;
    }

    private static async Task<List<HttpStatusCode>> StatusesAsync(HttpClient client, int times)
    {
        var statuses = new List<HttpStatusCode>();
        for (var time = 0; time < times; time++)
        {
            using var response = await client.GetAsync(Cheap, TestCancellation);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }
}
