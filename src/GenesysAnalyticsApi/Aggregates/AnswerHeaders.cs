using System.Globalization;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Security;
using Microsoft.Extensions.Primitives;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>The headers that every answer has. All are true of this request; what they say is put into words only when it has changed.</summary>
internal sealed class AnswerHeaders(GenesysBudget budget, TimeProvider clock)
{
    private static readonly StringValues Vary = "Accept, Accept-Encoding, Authorization, X-Api-Key";
    private static readonly StringValues NotKept = "no-store";

    // In tenths of a millisecond: whoever is answered from memory waits for less than ten.
    private static readonly string[] Timings = [.. Enumerable.Range(0, 100).Select(tenths => TimingOf(tenths))];

    private readonly LastText<Upstream> _upstream = new(now => string.Create(
        CultureInfo.InvariantCulture, $"calls={now.Calls}, used={now.Budget.Used}, allowed={now.Budget.Allowed}, reset={now.Budget.ResetSeconds}"));

    public void Write(HttpContext http, AnswerLabels labels, AnswerEffort effort, long started)
    {
        var headers = http.Response.Headers;
        headers.Vary = Vary;
        headers.CacheControl = labels.IsWhole ? labels.MayBeKept(Math.Clamp(SecondsUntil(labels.DueAt), 5, labels.MostSeconds)) : NotKept;
        headers["X-Slices"] = effort.Slices;
        if (http.CallerMay(CallerScopes.Operator))
        {
            // What all callers together do is not each caller's business.
            headers["X-Upstream"] = _upstream.Of(new(effort.Calls, budget.State));
        }

        headers["Server-Timing"] = Timing(clock.GetElapsedTime(started));
    }

    private long SecondsUntil(Instant due) => (long)(due - Instant.FromDateTimeOffset(clock.GetUtcNow())).TotalSeconds;

    private static string Timing(TimeSpan elapsed)
    {
        var tenths = (long)Math.Round(elapsed.TotalMilliseconds * 10);
        return tenths < Timings.Length ? Timings[tenths] : TimingOf(tenths);
    }

    private static string TimingOf(long tenths) => string.Create(CultureInfo.InvariantCulture, $"total;dur={tenths / 10m:0.0}");

    private readonly record struct Upstream(int Calls, BudgetState Budget);
}
