using System.Net;
using System.Text;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys.Authentication;

public sealed class AccessTokenProviderTests : IDisposable
{
    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_sends_basic_credentials_and_only_the_grant_type()
    {
        await _driver.Tokens.GetAsync(TestCancellation);

        var login = _driver.Genesys.Logins.ShouldHaveSingleItem();
        login.Url.ShouldBe(new Uri("https://login.mypurecloud.ie/oauth/token"));
        login.Body.ShouldBe("grant_type=client_credentials");
        login.Authorization.ShouldBe("Basic " + Convert.ToBase64String(Encoding.Latin1.GetBytes($"client:{GatewayDriver.Secret}")));
    }

    [Theory]
    [InlineData(300, 239, 240)]
    [InlineData(86400, 86099, 86100)]
    [InlineData(null, 239, 240)] // not stated: the shortest lifetime that Genesys allows for a client
    public async Task A_token_is_reused_and_renewed_before_it_expires(int? expiresIn, int stillUsed, int renewed)
    {
        _driver.Genesys.LoginReplies.Enqueue(() => Login(expiresIn));
        var start = _driver.Clock.GetUtcNow();
        var first = await _driver.Tokens.GetAsync(TestCancellation);

        _driver.Clock.SetUtcNow(start.AddSeconds(stillUsed));
        (await _driver.Tokens.GetAsync(TestCancellation)).ShouldBeSameAs(first);
        _driver.Clock.SetUtcNow(start.AddSeconds(renewed));
        (await _driver.Tokens.GetAsync(TestCancellation)).Value.ShouldBe("token-1");

        _driver.Genesys.Logins.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_hundred_concurrent_requests_share_one_login()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _driver.Tokens.GetAsync(TestCancellation)));

        tokens.Distinct().ShouldHaveSingleItem();
        _driver.Genesys.Logins.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_caller_who_disconnects_does_not_cancel_the_login_of_the_others()
    {
        using var cancellation = new CancellationTokenSource();
        _driver.Genesys.LoginReplies.Enqueue(() => Throttled());
        var cancelled = _driver.Tokens.GetAsync(cancellation.Token);
        var stays = _driver.Tokens.GetAsync(TestCancellation);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        await _driver.PassTimeUntilAsync(stays);

        (await stays).Value.ShouldBe("token-1");
    }

    [Fact]
    public async Task A_rejected_login_is_shared_and_remembered_for_a_minute()
    {
        _driver.Genesys.LoginReplies.Enqueue(() => RejectedLogin(HttpStatusCode.BadRequest));
        var first = _driver.Tokens.GetAsync(TestCancellation);
        (await Should.ThrowAsync<GenesysException>(() => first)).Failure.Kind.ShouldBe(GenesysFailureKind.Unauthorized);
        (await Should.ThrowAsync<GenesysException>(() => _driver.Tokens.GetAsync(TestCancellation))).Failure.RetryAfter.ShouldBe(TimeSpan.FromMinutes(1));
        _driver.Genesys.Logins.ShouldHaveSingleItem();
        _driver.Clock.Advance(TimeSpan.FromMinutes(1));

        (await _driver.Tokens.GetAsync(TestCancellation)).Value.ShouldBe("token-1");
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task Rejected_credentials_are_not_retried_and_are_named_without_the_secret(HttpStatusCode status)
    {
        _driver.Genesys.LoginReplies.Enqueue(() => RejectedLogin(status));

        var failure = await _driver.FailAsync();

        failure.Kind.ShouldBe(GenesysFailureKind.Unauthorized);
        failure.Message.ShouldContain("Genesys:ClientId");
        failure.Message.ShouldContain("Genesys:ClientSecret");
        failure.Message.ShouldContain("eu-west-1");
        failure.Code.ShouldBe("invalid_client");
        failure.UpstreamMessage.ShouldBe("authentication failed");
        _driver.Genesys.Logins.ShouldHaveSingleItem();
        _driver.Genesys.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_throttled_login_is_retried_and_then_fails_as_rate_limited()
    {
        for (var i = 0; i < 4; i++)
        {
            _driver.Genesys.LoginReplies.Enqueue(() => Throttled());
        }

        var pending = _driver.Tokens.GetAsync(TestCancellation);
        await _driver.PassTimeUntilAsync(pending);

        (await Should.ThrowAsync<GenesysException>(() => pending)).Failure.Kind.ShouldBe(GenesysFailureKind.RateLimited);
        _driver.Genesys.Logins.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "<html>", nameof(GenesysFailureKind.Unreadable))]
    [InlineData(HttpStatusCode.OK, "{}", nameof(GenesysFailureKind.Unreadable))]
    [InlineData(HttpStatusCode.OK, """{"access_token":"a\nb"}""", nameof(GenesysFailureKind.Unreadable))]
    [InlineData(HttpStatusCode.OK, """{"access_token":"t","token_type":"mac"}""", nameof(GenesysFailureKind.Unreadable))]
    [InlineData(HttpStatusCode.BadGateway, "<html>", nameof(GenesysFailureKind.Unavailable))]
    [InlineData(HttpStatusCode.Found, "", nameof(GenesysFailureKind.Rejected))]
    public async Task No_request_is_sent_without_a_token(HttpStatusCode status, string body, string expected)
    {
        for (var i = 0; i < 4; i++)
        {
            _driver.Genesys.LoginReplies.Enqueue(() => FakeGenesysHandler.Response(status, body));
        }

        (await _driver.FailAsync()).Kind.ToString().ShouldBe(expected);
        _driver.Genesys.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_is_used_until_it_expires()
    {
        _driver.Genesys.LoginReplies.Enqueue(() => Login(300));
        var first = await _driver.Tokens.GetAsync(TestCancellation);
        _driver.Clock.Advance(TimeSpan.FromSeconds(245));
        _driver.Genesys.LoginReplies.Enqueue(() => RejectedLogin(HttpStatusCode.BadRequest));

        (await _driver.Tokens.GetAsync(TestCancellation)).Value.ShouldBe(first.Value);
        (await _driver.Tokens.GetAsync(TestCancellation)).Value.ShouldBe(first.Value);

        _driver.Genesys.Logins.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_rejected_token_is_renewed_once_and_the_request_is_replayed()
    {
        _driver.Genesys.Reply(HttpStatusCode.Unauthorized, Wire.BadCredentials);
        _driver.Genesys.Ok(Wire.OneQueue);

        var reply = await _driver.QueryAsync(TestCancellation);

        reply.Calls.ShouldBe(2);
        _driver.Genesys.Requests.Select(sent => sent.Authorization).ShouldBe(["Bearer token-1", "Bearer token-2"]);
        _driver.Limiter.State.Used.ShouldBe(2);
    }

    [Fact]
    public async Task A_second_rejection_is_a_failure()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.Unauthorized, Wire.BadCredentials);

        var failed = await _driver.FailToCompletionAsync();

        failed.Calls.ShouldBe(2);
        failed.Failure.ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(GenesysFailureKind.Unauthorized),
            failure => failure.Status.ShouldBe(401),
            failure => failure.Code.ShouldBe("bad.credentials"),
            failure => failure.CorrelationId.ShouldBe("ctx-401"));
    }

    [Fact]
    public async Task A_replay_is_allowed_after_all_retries_are_used()
    {
        for (var i = 0; i < GenesysBackoff.MaxRetries; i++)
        {
            _driver.Genesys.Reply(HttpStatusCode.ServiceUnavailable);
        }

        _driver.Genesys.Reply(HttpStatusCode.Unauthorized, Wire.BadCredentials);
        _driver.Genesys.Ok(Wire.OneQueue);

        (await _driver.QueryToCompletionAsync()).Calls.ShouldBe(GenesysBackoff.MaxRetries + 2);
    }

    [Fact]
    public async Task Fifty_concurrent_rejections_cause_one_renewal()
    {
        _driver.Dispose();
        using var driver = new GatewayDriver(options => options.MaxConcurrentRequests = 50);
        var all = new TaskCompletionSource();
        var rejected = 0;
        for (var i = 0; i < 50; i++)
        {
            driver.Genesys.Replies.Enqueue(async (_, _) =>
            {
                if (Interlocked.Increment(ref rejected) == 50)
                {
                    all.SetResult();
                }

                await all.Task;
                return FakeGenesysHandler.Response(HttpStatusCode.Unauthorized, Wire.BadCredentials);
            });
        }

        driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, Wire.OneQueue);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => driver.QueryAsync(TestCancellation)));

        driver.Genesys.Logins.Count.ShouldBe(2);
        driver.Genesys.Requests.Skip(50).ShouldAllBe(sent => sent.Authorization == "Bearer token-2");
    }

    public void Dispose() => _driver.Dispose();

    private static HttpResponseMessage Login(int? expiresIn) => FakeGenesysHandler.Response(
        HttpStatusCode.OK,
        expiresIn is null ? """{"access_token":"first","token_type":"BEARER"}""" : $$"""{"access_token":"first","token_type":"bearer","expires_in":{{expiresIn}}}""");

    private static HttpResponseMessage RejectedLogin(HttpStatusCode status) => FakeGenesysHandler.Response(
        status, """{"error":"invalid_client","description":"authentication failed","error_description":"authentication failed"}""");

    private static HttpResponseMessage Throttled() => FakeGenesysHandler.Response(
        HttpStatusCode.BadRequest, """{"error":"invalid_request","error_description":"rate limit exceeded; try later"}""");
}
