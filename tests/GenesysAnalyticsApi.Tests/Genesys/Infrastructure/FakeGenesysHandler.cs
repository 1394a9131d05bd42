using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

/// <summary>A request that left the service: method, address, body, <c>Authorization</c> header, and time.</summary>
internal sealed record Sent(HttpMethod Method, Uri Url, string Body, string? Authorization, DateTimeOffset At);

/// <summary>
/// A primary handler that is a fake Genesys. API replies are taken from a queue and, if it is empty, from <see cref="DefaultReply"/>. Without either, the
/// request fails with an exception that names its method and URL. Each login succeeds with a new token, unless a test sets another reply.
/// </summary>
internal sealed class FakeGenesysHandler(FakeTimeProvider clock) : HttpMessageHandler
{
    private int _tokens;

    public ConcurrentQueue<Sent> Requests { get; } = new();

    public ConcurrentQueue<Sent> Logins { get; } = new();

    public ConcurrentQueue<Func<Sent, CancellationToken, Task<HttpResponseMessage>>> Replies { get; } = new();

    public ConcurrentQueue<Func<HttpResponseMessage>> LoginReplies { get; } = new();

    public Func<Sent, HttpResponseMessage>? DefaultReply { get; set; }

    public void Reply(HttpStatusCode status, string body = "", Action<HttpResponseMessage>? with = null) =>
        Replies.Enqueue((_, _) => Task.FromResult(Response(status, body, with)));

    public void Ok(string body) => Reply(HttpStatusCode.OK, body);

    public void Fail(Exception exception) => Replies.Enqueue((_, _) => Task.FromException<HttpResponseMessage>(exception));

    public void Hang() => Replies.Enqueue(async (_, cancellationToken) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        throw new InvalidOperationException("An infinite delay ended.");
    });

    public static HttpResponseMessage Response(HttpStatusCode status, string body, Action<HttpResponseMessage>? with = null)
    {
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        with?.Invoke(response);
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = new Sent(
            request.Method,
            request.RequestUri!,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken),
            request.Headers.Authorization?.ToString(),
            clock.GetUtcNow());

        if (sent.Url.AbsolutePath == "/oauth/token")
        {
            Logins.Enqueue(sent);
            return LoginReplies.TryDequeue(out var login)
                ? login()
                : Response(HttpStatusCode.OK, $$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","token_type":"Bearer","expires_in":86400}""");
        }

        Requests.Enqueue(sent);
        if (Replies.TryDequeue(out var reply))
        {
            return await reply(sent, cancellationToken);
        }

        return DefaultReply?.Invoke(sent) ?? throw new InvalidOperationException($"Unexpected request: {sent.Method} {sent.Url}");
    }
}
