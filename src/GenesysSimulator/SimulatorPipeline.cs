using System.Globalization;
using GenesysSimulator.Faults;
using GenesysSimulator.Tokens;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator;

/// <summary>
/// The way of a request: body → token → its minute → faults that answer outright → the endpoint → faults that spoil the answer →
/// the connection. Each step yields an answer or hands on.
/// </summary>
internal sealed class SimulatorPipeline(
    SimulatorSettings settings, TimeProvider clock, SimulatorFaults faults, IssuedTokens tokens, CallRecorder recorder, SimulatorRoutes routes)
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
            var answer = await AnswerAsync(context, body, id);
            call = call with { Status = answer.Status };
            answer.Headers["ININ-Correlation-Id"] = id;

            // By its own clock; the server would take the machine's. The fault has set another one already.
            answer.Headers.TryAdd("Date", clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
            Record(call);
            await AnswerSender.SendAsync(answer, context);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The caller left, or a fault cut the line: there is nobody to answer.
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

    private async Task<Answer> AnswerAsync(HttpContext context, ReadOnlyMemory<byte>? body, string id)
    {
        try
        {
            return body is { } whole
                ? await CheckedAsync(context, whole, id)
                : throw RequestBody.TooLarge(context.Request.ContentLength);
        }
        catch (Refusal refusal)
        {
            return Answer.OfError(refusal, id);
        }
    }

    private async Task<Answer> CheckedAsync(HttpContext context, ReadOnlyMemory<byte> body, string id)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments("/simulator"))
        {
            return routes.Control(request, body);
        }

        IssuedToken? token = null;
        var (count, left) = (0, 0);
        if (request.Path.StartsWithSegments("/api"))
        {
            token = TokenOf(request);
            (count, left) = token.Count(clock.GetUtcNow());
        }

        var answer = count > settings.RequestsPerMinute
            ? Answer.TooManyRequests(left, settings.RequestsPerMinute, id).With("Retry-After", left.ToString(CultureInfo.InvariantCulture))
            : await FaultyAsync(context, body, token, id);
        if (token is not null && settings.RateHeaders && !answer.Headers.Remove(BareMark))
        {
            answer.Headers["inin-ratelimit-count"] = count.ToString(CultureInfo.InvariantCulture);
            answer.Headers["inin-ratelimit-allowed"] = settings.RequestsPerMinute.ToString(CultureInfo.InvariantCulture);
            answer.Headers["inin-ratelimit-reset"] = left.ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }

    private const string BareMark = "x-simulator-bare";

    private async Task<Answer> FaultyAsync(HttpContext context, ReadOnlyMemory<byte> body, IssuedToken? token, string id)
    {
        var request = context.Request;
        var met = faults.Take(request.Method, request.Path).Concat(FaultHeader.Read(request)).ToList();
        foreach (var fault in met)
        {
            await FaultDelay.WaitAsync(fault, clock, context.RequestAborted);
            if (OutrightFaults.AnswerOf(fault, body, settings, clock.GetUtcNow(), id) is { } outright)
            {
                if (fault.Name == FaultNames.RevokedToken && token is not null)
                {
                    tokens.Revoke(token);
                }

                return fault.Name == FaultNames.RateLimitBare ? outright.With(BareMark, "") : outright;
            }
        }

        Answer answer;
        try
        {
            answer = routes.Answer(request, body, met, context.RequestAborted);
        }
        catch (Refusal refusal)
        {
            answer = Answer.OfError(refusal, id);
        }

        return met.Aggregate(answer, (good, fault) => fault.Name == FaultNames.WrongClock
            ? good.With("Date", clock.GetUtcNow().AddSeconds(fault.SignedNumber(600)).ToString("R", CultureInfo.InvariantCulture))
            : BodyFaults.Spoil(fault, good));
    }

    private IssuedToken TokenOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw new Refusal(401, "authentication.required", "No authentication bearer token specified in authorization header.");
        }

        return tokens.Find(header[7..].Trim()) ?? throw new Refusal(401, "bad.credentials", "Invalid login credentials.");
    }

    private string CorrelationId()
    {
        var dice = new Dice(Dice.Mix((ulong)settings.Seed, (ulong)Interlocked.Increment(ref _requests)));
        return string.Create(CultureInfo.InvariantCulture, $"{dice.Next():x16}-{dice.Next():x16}");
    }
}
