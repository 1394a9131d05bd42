using System.Globalization;
using GenesysSimulator.Faults;
using GenesysSimulator.Tokens;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator;

/// <summary>
/// The stages of a request: body → token → rate limit → faults that replace the reply → endpoint → faults that corrupt the reply →
/// connection. Each stage returns a reply or continues with the next.
/// </summary>
internal sealed class SimulatorPipeline(
    SimulatorSettings settings, TimeProvider clock, ActiveFaults faults, IssuedTokens tokens, CallRecorder recorder, SimulatorRoutes routes)
{
    private long _requests;

    public async Task HandleAsync(HttpContext context)
    {
        var id = CorrelationId();
        var call = new RecordedCall(
            clock.GetUtcNow(), context.Request.Method, context.Request.Path + context.Request.QueryString, "", CallRecorder.HeadersOf(context.Request))
        {
            CorrelationId = id,
        };
        try
        {
            var body = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
            call = call with { Body = CallRecorder.TextOf(body ?? default) };
            var reply = await ReplyAsync(context, body, id);
            call = call with { Status = reply.Status };
            reply.Headers["ININ-Correlation-Id"] = id;

            // The date is that of the simulator's clock, not of the server's clock. A date that the wrong-clock fault has set is kept.
            reply.Headers.TryAdd("Date", clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
            Record(call);
            await ReplySender.SendAsync(reply, context);
        }
        catch (Exception aborted) when (aborted is OperationCanceledException or IOException)
        {
            // The caller disconnected, or a fault aborted the connection, so no reply can be sent.
            if (call.Status == 0)
            {
                Record(call);
            }
        }
    }

    private void Record(RecordedCall call)
    {
        if (!call.Path.StartsWith("/simulator", StringComparison.Ordinal))
        {
            recorder.Add(call);
        }
    }

    private async Task<Reply> ReplyAsync(HttpContext context, ReadOnlyMemory<byte>? body, string id)
    {
        try
        {
            return body is { } whole
                ? await ReplyWithinRateLimitAsync(context, whole, id)
                : throw RequestBody.TooLarge(context.Request.ContentLength);
        }
        catch (ApiException error)
        {
            return Reply.OfError(error, id);
        }
    }

    private async Task<Reply> ReplyWithinRateLimitAsync(HttpContext context, ReadOnlyMemory<byte> body, string id)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/simulator", StringComparison.OrdinalIgnoreCase))
        {
            return routes.Control(request, body);
        }

        IssuedToken? token = null;
        var (count, secondsLeft) = (0, 0);
        if (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            token = TokenOf(request);
            (count, secondsLeft) = token.Count(clock.GetUtcNow());
        }

        var reply = count > settings.RequestsPerMinute
            ? Reply.TooManyRequests(secondsLeft, settings.RequestsPerMinute, id).With("Retry-After", secondsLeft.ToString(CultureInfo.InvariantCulture))
            : await ReplyWithFaultsAsync(context, body, token, id);
        var isBare = reply.Headers.Remove(BareMarker);
        if (token is not null && settings.RateHeaders && !isBare)
        {
            reply.Headers["inin-ratelimit-count"] = count.ToString(CultureInfo.InvariantCulture);
            reply.Headers["inin-ratelimit-allowed"] = settings.RequestsPerMinute.ToString(CultureInfo.InvariantCulture);
            reply.Headers["inin-ratelimit-reset"] = secondsLeft.ToString(CultureInfo.InvariantCulture);
        }

        return reply;
    }

    // Marks a reply that must not have rate limit headers.
    private const string BareMarker = "x-simulator-bare";

    private async Task<Reply> ReplyWithFaultsAsync(HttpContext context, ReadOnlyMemory<byte> body, IssuedToken? token, string id)
    {
        var request = context.Request;
        var activeFaults = faults.Take(request.Method, request.Path).Concat(FaultHeader.Read(request)).ToList();
        foreach (var fault in activeFaults)
        {
            await FaultDelay.WaitAsync(fault, clock, context.RequestAborted);
            if (ReplacementFaults.ReplyOf(fault, request.Path, body, settings, clock.GetUtcNow(), id) is { } replacement)
            {
                if (fault.Name == FaultNames.RevokedToken && token is not null)
                {
                    tokens.Revoke(token);
                }

                return fault.Name == FaultNames.RateLimitBare ? replacement.With(BareMarker, "") : replacement;
            }
        }

        Reply reply;
        try
        {
            reply = routes.Handle(request, body, activeFaults, token, context.RequestAborted);
        }
        catch (ApiException error)
        {
            reply = Reply.OfError(error, id);
        }

        return activeFaults.Aggregate(reply, (current, fault) => fault.Name == FaultNames.WrongClock
            ? current.With("Date", clock.GetUtcNow().AddSeconds(fault.SignedNumber(600)).ToString("R", CultureInfo.InvariantCulture))
            : BodyFaults.Apply(fault, current));
    }

    private IssuedToken TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(401, "authentication.required", "No authentication bearer token specified in authorization header.");
        }

        return tokens.Find(header[7..].Trim()) ?? throw new ApiException(401, "bad.credentials", "Invalid login credentials.");
    }

    private string CorrelationId()
    {
        var random = new SeededRandom(SeededRandom.Mix((ulong)settings.Seed, (ulong)Interlocked.Increment(ref _requests)));
        return string.Create(CultureInfo.InvariantCulture, $"{random.Next():x16}-{random.Next():x16}");
    }
}
