using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Request;

/// <summary>Common alternative names and notations get a hint at the accepted one; names that only look similar get none.</summary>
public sealed class HintTests
{
    [Theory]
    [InlineData("from", "dateFrom startDate start since start_date begin startTime intervalStart From")]
    [InlineData("to", "dateTo endDate end until till end_date endTime intervalEnd TO")]
    [InlineData("timeZone", "tz timezone tzid time_zone time-zone timeZoneId zone")]
    [InlineData("queue", "queueName queues queue_name queueNames")]
    [InlineData("queueId", "queue_id queueIds queue_ids QueueID queueid")]
    [InlineData("mediaType", "media channel channels mediaTypes media_type")]
    [InlineData("groupBy", "group groupby group_by grouping dimensions")]
    [InlineData("granularity", "bucket step resolution bucketSize granulrity interval_length")]
    [InlineData("metric", "metrics Metric kpis")]
    [InlineData("divisionId", "division divisions division_id")]
    [InlineData("direction", "originatingDirection Direction")]
    [InlineData("interval", "dateRange intervall")]
    [InlineData("last", "lookback")]
    [InlineData("maxAge", "max_age maxage")]
    [InlineData("serviceLevelThresholdMs", "serviceLevelThreshold service_level_threshold_ms slaThreshold threshold thresholdSeconds answeredWithin servicelevelthresholdms")]
    [InlineData("sort", "orderBy sort_by Sort order")]
    [InlineData("limit", "top take max_results Limit")]
    [InlineData("hours", "businessHours timeOfDay hour")]
    [InlineData("weekdays", "daysOfWeek weekday days")]
    [InlineData("totals", "total summary grandTotal")]
    [InlineData("compare", "compareTo comparison previousPeriod")]
    [InlineData(null, "userId id date list tot day q")]
    public Task A_misnamed_parameter_gets_a_hint(string? meant, string names) =>
        AssertHintsAsync(names, name => $"{Uri.EscapeDataString(name)}=x", name => name, meant);

    [Theory]
    [InlineData("voice", "call calls phone telephony Phone-Call voise")]
    [InlineData("message", "sms whatsapp WhatsApp webmessaging facebook messages web_messaging open-messaging")]
    [InlineData("email", "mail e-mail emails")]
    [InlineData("chat", "webchat web-chat")]
    [InlineData("callback", "callbacks call-back")]
    [InlineData(null, "fax task all workitem")]
    public Task A_misnamed_media_type_gets_a_hint(string? meant, string names) =>
        AssertHintsAsync(names, name => $"mediaType={name}", _ => "mediaType", meant);

    [Theory]
    [InlineData("P1D", "PT24H PT1440M 24h 24H PT1D PT86400S 1440min")] // not accepted: when clocks change, a day has 23 or 25 hours
    [InlineData("PT1H", "P1H")]
    [InlineData("P1W", "PT168H 168h")]
    [InlineData(null, "1M 15M PT1M 1m PT20M PT45M PT48H P2D P30D P4W P15M minute 15 1 PTH h1 quarter PT PT24 2147483648d")]
    public Task A_granularity_of_another_kind_gets_a_hint(string? meant, string names) =>
        AssertHintsAsync(names, name => $"granularity={name}", _ => "granularity", meant);

    [Theory]
    [InlineData("PT24H", "P24H p24h")]
    [InlineData("P7D", "PT7D week weekly")]
    [InlineData(null, "24 1M 30M day-before x")]
    public Task A_mistyped_last_gets_a_hint(string? meant, string names) => AssertHintsAsync(names, name => $"last={name}", _ => "last", meant);

    [Theory]
    [InlineData("yesterday", "yesteday previous-day")]
    [InlineData("last-week", "last_week lastWeek previous_week LAST_WEEK")]
    [InlineData("this-month", "thisMonth month-to-date mtd current_month")]
    [InlineData("last-30-days", "last30days 30d")]
    [InlineData("this-quarter", "qtd currentQuarter")]
    [InlineData("last-year", "lastYear previous-year")]
    [InlineData("last-7-days", "last7days last_7_days 7d past7days")]
    [InlineData(null, "last-14-days week tomorrow now past-week last-8-days")]
    public Task A_misnamed_period_gets_a_hint(string? meant, string names) => AssertHintsAsync(names, name => $"period={name}", _ => "period", meant);

    [Theory]
    [InlineData("tAbandon", "nAbandoned nAbandon tAbandoned abandoned")]
    [InlineData("tAnswered", "nAnswered tAnswer answered asa nanswered")]
    [InlineData("tHandle", "nHandled nHandle aht handled")]
    [InlineData("nOffered", "tOffered offered NOFFERED nOfferred")]
    [InlineData("tTalkComplete", "tTalkTime talkTime nTalkComplete")]
    [InlineData("tAcw", "acw wrapUpTime")]
    [InlineData("oServiceLevel", "serviceLevel sla nServiceLevel")]
    [InlineData("tNotResponding", "nNotResponding")]
    [InlineData("tFlowOut", "nFlowOut flowOut")]
    [InlineData(null, "tFlow tFlowExit tFlowOutcome nFlowOutcome tAcdWait tConversationDuration nConsultAnswered nAbandonedPhase x")]
    public Task A_misnamed_metric_gets_a_hint(string? meant, string names) => AssertHintsAsync(names, name => $"metric={name}", _ => "metric", meant);

    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berln europe-berlin Berlin")]
    [InlineData("America/New_York", "America/NewYork New+York america/new+york")]
    [InlineData("+05:30", "05:30 0530")]
    [InlineData(null, "CST IST BST CEST PST %2B01:01 GMT%2B1 gmt+5:30 UTC+25 Europe/Bern Atlantis")]
    public Task A_misnamed_time_zone_gets_a_hint(string? meant, string names) => AssertHintsAsync(names, name => $"timeZone={name}", _ => "timeZone", meant);

    [Theory]
    [InlineData("20000", "20 20s 20S 20.0 20+sec 20000ms 20000.4 PT20S pt20s %2020000%20 20seconds")]
    [InlineData("1500", "1.5 1.5s 1500+ms")]
    [InlineData("300000", "5m 5min 5+minutes PT5M")]
    [InlineData("3600000", "1h PT1H 1hour")]
    [InlineData(null, "0 -1 0.5 x 80%25 s 8d 1e4 NaN P1D 00:00:20 99999999999999999999 PT9223372036854775807H 20000,30000 604800001 20s20 1.2.3s")]
    public Task A_threshold_in_another_notation_gets_a_hint(string? meant, string names) =>
        AssertHintsAsync(names, name => $"serviceLevelThresholdMs={name}", _ => "serviceLevelThresholdMs", meant);

    [Theory]
    [InlineData("queueId", "queue queues queue_id")]
    [InlineData("mediaType", "media channel MediaType")]
    [InlineData("userId", "user agent agent_id userName")]
    [InlineData("wrapUpCode", "wrapup WrapUpCode disposition")]
    [InlineData(null, "skill hour")]
    public Task A_misnamed_grouping_gets_a_hint(string? meant, string names) => AssertHintsAsync(names, name => $"groupBy={name}", _ => "groupBy", meant);

    [Theory]
    [InlineData("Inbound")]
    [InlineData("OUTBOUND")]
    public async Task A_direction_is_accepted_in_any_case(string direction)
    {
        var call = new FakeEvent(FakeEvents.Queues[0].Id, "voice", Instant.FromUtc(2026, 11, 1, 9, 30), "nOffered") { Direction = direction.ToLowerInvariant() };
        using var service = new RunningService { Upstream = new FakeGenesysServer { Events = [call] }.Upstream() };

        var response = await service.QueryAsync($"from=2026-11-01&to=2026-11-02&direction={direction}");

        response.Records().ShouldHaveSingleItem().Number("offered").ShouldBe(1);
        response["query"]!["direction"]!.ToString().ShouldBe(direction.ToLowerInvariant());
    }

    private static async Task AssertHintsAsync(string names, Func<string, string> query, Func<string, string> parameter, string? meant)
    {
        using var service = new RunningService();
        using var client = service.CreateClient();
        foreach (var name in names.Split(' '))
        {
            using var response = await client.GetAsync(new Uri($"/aggregates?{query(name)}", UriKind.Relative), TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, name);
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            var message = problem.GetProperty("errors").GetProperty(parameter(name))[0].GetString()!;
            if (meant is null)
            {
                message.ShouldNotContain("Did you mean", Case.Sensitive, $"{name}: {message}");
            }
            else
            {
                message.ShouldContain($"Did you mean '{meant}'?", Case.Sensitive, $"{name}: {message}");
            }
        }
    }
}
