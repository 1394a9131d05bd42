using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Request;

public sealed class AggregatesParametersTests
{
    private const string Guid = "05f1c285-6777-4ccc-806f-8db085ae0793";

    private const string NoTime =
        "is not a time: use an ISO-8601 instant (2026-11-01T08:00:00Z, 2026-11-01T08:00+01:00), a local date or date-time (2026-11-01, 2026-11-01T08:00), "
        + "epoch seconds or milliseconds (10 or 13 digits), or a time relative to now (now-24h, now/d).";

    private const string OutOfRange =
        "is out of range: use a year from 0001 to 9998, a day of the calendar, a time from 00:00:00 to 23:59:59 or 24:00:00, and an offset from -18:00 to +18:00.";

    private const string StartRange = "The interval must start from 2012-01-01T00:00:00Z to now (2026-11-23T09:15:20Z).";

    private const string NoRelativeTime = "is not a time relative to now: write now, now-24h, now/d or now-7d/d, with the units s, m, h, d, w, M, Q and y.";

    private const string Periods =
        "today, yesterday, this-week, last-week, this-month, last-month, this-quarter, last-quarter, this-year, last-year, last-7-days, last-28-days, last-30-days, last-90-days";

    private const string NoZone = "is not a time zone (for example Europe/Berlin, W. Europe Standard Time, or an offset in steps of 15 minutes from -12:00 to +14:00).";

    private const string Granularities = "PT5M, PT10M, PT15M, PT30M, PT1H, PT2H, PT3H, PT4H, PT6H, PT8H, PT12H, P1D, P1W, P1M";

    private const string MediaTypes = "voice, callback, chat, email, message, cobrowse, screenshare, screenmonitoring, video, internalmessage, unknown";

    [Theory]
    [InlineData("from=bad", $"from: 'bad' {NoTime}")]
    [InlineData("from=", $"from: '' {NoTime}")]
    [InlineData("from=2025-02-29", $"from: '2025-02-29' {OutOfRange} {StartRange}")]
    [InlineData("from=0000-01-01", $"from: '0000-01-01' {OutOfRange} {StartRange}")]
    [InlineData("from=-0001-01-01T00:00Z", $"from: '-0001-01-01T00:00Z' {OutOfRange} {StartRange}")]
    [InlineData("from=12026-11-01", $"from: '12026-11-01' {OutOfRange} {StartRange}")]
    [InlineData("from=2016-12-31T23:59:60Z", $"from: '2016-12-31T23:59:60Z' {OutOfRange} {StartRange}")]
    [InlineData("from=2026-11-01T24:01", $"from: '2026-11-01T24:01' {OutOfRange} {StartRange}")]
    [InlineData("from=2026-11-01T00:00%2B18:01", $"from: '2026-11-01T00:00+18:01' {OutOfRange} {StartRange}")]
    [InlineData("from=2026-11-01&to=9999-12-31", $"to: '9999-12-31' {OutOfRange}")]
    [InlineData("from=2026-11-01&to=9999-12-31T23:59:59Z", $"to: '9999-12-31T23:59:59Z' {OutOfRange}")]
    [InlineData("interval=9999-12-31/9999-12-31", $"interval: '9999-12-31' {OutOfRange} {StartRange}", $"interval: '9999-12-31' {OutOfRange}")]
    [InlineData("from=2026-11-01&to=now%2B9999y", "to: 'now+9999y' is out of range. Use a time in a year from 0001 to 9998.")]
    [InlineData("from=0001-01-01", "from: '0001-01-01' starts at 0001-01-01T00:00:00Z, which is too long ago: 'from' must start at 2012-01-01T00:00:00Z or later.")]
    [InlineData("from=9999-12-31", $"from: '9999-12-31' {OutOfRange} {StartRange}")]
    [InlineData("from=2026-11-23T09:15:20Z", "from: '2026-11-23T09:15:20Z' starts at 2026-11-23T09:15:20Z, which is not before now (2026-11-23T09:15:20Z): 'from' must start in the past.")]
    [InlineData("from=2030-01-01&to=2031-01-01", "from: '2030-01-01' starts at 2030-01-01T00:00:00Z, which is not before now (2026-11-23T09:15:20Z): 'from' must start in the past.")]
    [InlineData("from=2026-11-01&from=2026-11-02", "from: 'from' is given twice, with '2026-11-01' and '2026-11-02': it can have only one value, so give it once.")]
    [InlineData("limit=5&limit=6", "limit: 'limit' is given twice, with '5' and '6': it can have only one value, so give it once.")]
    [InlineData("limit=5&Limit=5", "Limit: 'Limit' is not a parameter here. Did you mean 'limit'?", "limit: 'limit' is given twice, with '5' and '5': it can have only one value, so give it once.")]
    [InlineData("explain=a&explain=b&explain=c", "explain: 'explain' is given 3 times, with 'a' and 'b' and 'c': it can have only one value, so give it once.")]
    [InlineData("direction=a&direction=&direction=c&direction=d", "direction: 'direction' is given 4 times, with 'a' and '' and 'c' and others: it can have only one value, so give it once.")]
    [InlineData("from=2026-11-01T08:00+99:00", $"from: '2026-11-01T08:00+99:00' {OutOfRange} {StartRange}")] // unencoded
    [InlineData("from=2026-11-01 08:00", $"from: '2026-11-01 08:00' {NoTime}")]
    [InlineData("from=now+1x", $"from: 'now+1x' {NoRelativeTime}")] // unencoded
    [InlineData("period=last-month&granularity=P1W", "period: 'last-month' cannot be combined with 'granularity' P1W: the period starts at 2026-10-01T00:00:00Z, which is not on a P1W boundary in UTC. Use granularity=P1D or a shorter one.")]
    [InlineData("period=LAST-WEEK&granularity=1mo", "period: 'LAST-WEEK' cannot be combined with 'granularity' P1M: the period starts at 2026-11-16T00:00:00Z, which is not on a P1M boundary in UTC. Use granularity=P1D or a shorter one.")]
    [InlineData("period=this-year&granularity=P1W", "period: 'this-year' cannot be combined with 'granularity' P1W: the period starts at 2026-01-01T00:00:00Z, which is not on a P1W boundary in UTC. Use granularity=P1D or a shorter one.")]
    [InlineData("from=2026-11-03&granularity=P1W", "from: '2026-11-03' starts at 2026-11-03T00:00:00Z, which is not on a boundary of 'granularity' P1W in UTC: the nearest are 2026-11-02T00:00:00Z and 2026-11-09T00:00:00Z.")]
    [InlineData("from=2026-11-02&to=2026-11-01", "to: '2026-11-01' ends at 2026-11-01T00:00:00Z, which is not after the start 2026-11-02T00:00:00Z: intervals are half-open, [from, to).")]
    [InlineData("from=2026-11-02&to=2026-11-02", "to: '2026-11-02' ends at 2026-11-02T00:00:00Z, which is not after the start 2026-11-02T00:00:00Z: intervals are half-open, [from, to).")]
    [InlineData("to=2026-11-02", "to: '2026-11-02' has no start: 'to' needs 'from'.")]
    [InlineData("to=2026-11-02&last=PT1H", "to: '2026-11-02' has no start: 'to' needs 'from'.")]
    [InlineData("interval=2026-11-01", "interval: '2026-11-01' is not an interval: write start/end, for example 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z.")]
    [InlineData("interval=2026-11-01/P1D", $"interval: 'P1D' {NoTime}")]
    [InlineData("interval=2026-11-02/2026-11-01", "interval: '2026-11-02/2026-11-01' ends at 2026-11-01T00:00:00Z, which is not after the start 2026-11-02T00:00:00Z: intervals are half-open, [from, to).")]
    [InlineData("last=", "last: '' is not a valid duration: use ISO-8601, for example PT24H, PT90M or P7D.")]
    [InlineData("last=PT0S", "last: 'PT0S' is not a valid duration: use a duration longer than zero, for example PT24H, PT90M or P7D.")]
    [InlineData("last=-PT1H", "last: '-PT1H' is not a valid duration: use ISO-8601, for example PT24H, PT90M or P7D.")]
    [InlineData("last=PT-1H", "last: 'PT-1H' is not a valid duration: use a duration longer than zero, for example PT24H, PT90M or P7D.")]
    [InlineData("last=PT1.5H", "last: 'PT1.5H' is not a valid duration: use whole numbers, for example PT90M instead of PT1.5H.")]
    [InlineData("last=1,5h", "last: '1,5h' is not a valid duration: use whole numbers, for example PT90M instead of PT1.5H.")]
    [InlineData("last=1M", "last: '1M' is not a valid duration: it can mean minutes (PT1M) or months (P1M).")]
    [InlineData("last=PT1D", "last: 'PT1D' is not a valid duration: use ISO-8601, for example PT24H, PT90M or P7D. Did you mean 'P1D'?")]
    [InlineData("from=now-1x", $"from: 'now-1x' {NoRelativeTime}")]
    [InlineData("from=now/24h", $"from: 'now/24h' {NoRelativeTime}")]
    [InlineData("from=nowhere", $"from: 'nowhere' {NoRelativeTime}")]
    [InlineData("from=now-999999999y", $"from: 'now-999999999y' is out of range. {StartRange}")]
    [InlineData("from=now-99999999999999999999s", $"from: 'now-99999999999999999999s' is out of range. {StartRange}")]
    [InlineData("from=now-100y", "from: 'now-100y' starts at 1926-11-23T09:15:20Z, which is too long ago: 'from' must start at 2012-01-01T00:00:00Z or later.")]
    [InlineData("from=now", "from: 'now' starts at 2026-11-23T09:15:20Z, which is not before now (2026-11-23T09:15:20Z): 'from' must start in the past.")]
    [InlineData("from=now/d&to=now-1d/d", "to: 'now-1d/d' ends at 2026-11-23T00:00:00Z, which is not after the start 2026-11-23T00:00:00Z: intervals are half-open, [from, to).")]
    [InlineData("from=176200000", $"from: '176200000' {NoTime}")] // nine digits
    [InlineData("from=17620000000000000", $"from: '17620000000000000' {NoTime}")]
    [InlineData("interval=now/d", "interval: 'now/d' is not an interval: write start/end, for example 2026-11-01T00:00:00Z/2026-11-02T00:00:00Z.")]
    [InlineData("interval=now-7d/now-1x", $"interval: 'now-1x' {NoRelativeTime}")]
    [InlineData("last=P2147483647Y", "last: 'P2147483647Y' is out of range: the interval must start at 2012-01-01T00:00:00Z or later.")]
    [InlineData("last=PT9223372036854775807H", "last: 'PT9223372036854775807H' is out of range: the interval must start at 2012-01-01T00:00:00Z or later.")]
    [InlineData("last=P100Y", "last: 'P100Y' starts at 1926-11-23T09:15:20Z, which is too long ago: 'last' must start at 2012-01-01T00:00:00Z or later.")]
    [InlineData("last=99999d", "last: '99999d' starts at 1753-02-08T09:15:20Z, which is too long ago: 'last' must start at 2012-01-01T00:00:00Z or later.")]
    [InlineData("limit=1.5", "limit: '1.5' is not a whole number of records from 1 to 100000.")]
    [InlineData("maxAge=1.5", "maxAge: '1.5' is not a whole number of seconds from 0 to 86400.")]
    [InlineData("sort=x", "sort: 'x' is not a record field: use one that GET /catalog lists.")]
    [InlineData("sort=-tAlert", "sort: '-tAlert' is not a record field: write metrics.<metric>.<statistic>, for example metrics.tAlert.sum.")]
    [InlineData("sort=-ofered", "sort: '-ofered' is not a record field: use one that GET /catalog lists. Did you mean 'offered'?")]
    [InlineData("totals=TRUE", "totals: 'TRUE' is not valid: use one of true, false. Did you mean 'true'?")]
    [InlineData("period=thisweek", $"period: 'thisweek' is not a period: use one of {Periods}. Did you mean 'this-week'?")]
    [InlineData("timeZone=Europe/Berln", $"timeZone: 'Europe/Berln' {NoZone} Did you mean 'Europe/Berlin'?")]
    [InlineData("timeZone=", $"timeZone: '' {NoZone}")]
    [InlineData("timeZone=%2B01:07", $"timeZone: '+01:07' {NoZone}")]
    [InlineData("timeZone=%2B15:00", $"timeZone: '+15:00' {NoZone}")]
    [InlineData("timeZone=+24:00", $"timeZone: '+24:00' {NoZone}")] // unencoded
    [InlineData("timeZone=UTC+25", $"timeZone: 'UTC+25' {NoZone}")]
    [InlineData("timeZone=GMT+1", "timeZone: 'GMT+1' is not a time zone: it can mean +01:00 or, as in the IANA names Etc/GMT…, -01:00.")]
    [InlineData("timeZone=01:00", $"timeZone: '01:00' {NoZone} Did you mean '+01:00'?")]
    [InlineData("timeZone=GMT%2B1", "timeZone: 'GMT+1' is not a time zone: it can mean +01:00 or, as in the IANA names Etc/GMT…, -01:00.")]
    // Without a valid time zone, nothing is reported about boundaries: this instant is one in Berlin.
    [InlineData("timeZone=Europe/Berln&granularity=P1D&from=2026-11-01T00:00%2B01:00", $"timeZone: 'Europe/Berln' {NoZone} Did you mean 'Europe/Berlin'?")]
    [InlineData("granularity=PT1M", $"granularity: 'PT1M' is not a granularity: use one of {Granularities}.")]
    [InlineData("granularity=PT24H", $"granularity: 'PT24H' is not a granularity: use one of {Granularities}. Did you mean 'P1D'?")]
    [InlineData("granularity=1M", $"granularity: '1M' is not a granularity: it can mean minutes (PT1M) or months (P1M). Use one of {Granularities}.")]
    [InlineData("granularity=", $"granularity: '' is not a granularity: use one of {Granularities}.")]
    [InlineData("queueId=", "queueId: '' is not a queue id (a GUID). Select queues by name with queue=Billing*.")]
    [InlineData("queueId=x,y", "queueId: 'x' is not a queue id (a GUID). Select queues by name with queue=Billing*.", "queueId: 'y' is not a queue id (a GUID). Select queues by name with queue=Billing*.")]
    [InlineData($"queueId={Guid},&queueId=x", "queueId: '' is not a queue id (a GUID). Select queues by name with queue=Billing*.", "queueId: 'x' is not a queue id (a GUID). Select queues by name with queue=Billing*.")]
    [InlineData("queue=", "queue: '' is not a queue name: give an exact name, or a pattern with *.")]
    [InlineData("queue=%E2%81%A6%E2%81%A9", "queue: '\uFFFD\uFFFD' is not a queue name: give an exact name, or a pattern with *.")]
    [InlineData("divisionId=home", "divisionId: 'home' is not a division id (a GUID).")]
    [InlineData("mediaType=,voice", $"mediaType: '' is not a media type: use one of {MediaTypes}.")]
    [InlineData("mediaType=voise", $"mediaType: 'voise' is not a media type: use one of {MediaTypes}. Did you mean 'voice'?")]
    [InlineData("direction=in", "direction: 'in' is not a direction: use one of inbound, outbound. Did you mean 'inbound'?")]
    [InlineData("direction={PropertyName}", "direction: '{PropertyName}' is not a direction: use one of inbound, outbound.")]
    [InlineData("groupBy=queue", "groupBy: 'queue' is not a dimension to group by: use one of queueId, mediaType, divisionId, messageType, direction, userId, wrapUpCode, none. Did you mean 'queueId'?")]
    [InlineData("groupBy=none,mediaType", "groupBy: 'none,mediaType' combines 'none' with other values: give 'none' alone, or a subset of queueId, mediaType, divisionId, messageType, direction, userId, wrapUpCode.")]
    [InlineData("groupBy=", "groupBy: '' is not a dimension to group by: use one of queueId, mediaType, divisionId, messageType, direction, userId, wrapUpCode, none.")]
    [InlineData("metric=tAnswer", "metric: 'tAnswer' is not a metric of the Genesys aggregates query. Did you mean 'tAnswered'? Every record already contains tAnswered.count as 'answered'.")]
    [InlineData("metric=nAnswered", "metric: 'nAnswered' is not a metric of the Genesys aggregates query. Did you mean 'tAnswered'? Every record already contains tAnswered.count as 'answered'.")]
    [InlineData("serviceLevelThresholdMs=20", "serviceLevelThresholdMs: '20' is not a whole number of milliseconds from 1000 to 604800000. Did you mean '20000'? That is 20 s.")]
    [InlineData("serviceLevelThresholdMs=", "serviceLevelThresholdMs: '' is not a whole number of milliseconds from 1000 to 604800000.")]
    [InlineData("serviceLevelThresholdMs=20000&serviceLevelThresholdMs=30000", "serviceLevelThresholdMs: 'serviceLevelThresholdMs' is given twice, with '20000' and '30000': it can have only one value, so give it once.")]
    [InlineData("serviceLevelThresholdMs=20000,30000", "serviceLevelThresholdMs: '20000,30000' is not a whole number of milliseconds from 1000 to 604800000. A query has one threshold.")]
    [InlineData("fill=0", "fill: '0' is not a fill mode: use one of none, zero.")]
    [InlineData("partial=no", "partial: 'no' is not valid: use one of allow, deny. Did you mean 'deny'?")]
    [InlineData("from=2026-11-01&last=PT1H", "last: 'last' cannot be combined with 'from': give from and to, or interval, or last, or period.")]
    // Both are reported: that they cannot be combined, and that one of them is invalid.
    [InlineData(
        "period=now&last=PT1H",
        "period: 'period' cannot be combined with 'last': give from and to, or interval, or last, or period.",
        $"period: 'now' is not a period: use one of {Periods}.")]
    [InlineData("From=2026-11-01", "From: 'From' is not a parameter here. Did you mean 'from'?")]
    [InlineData("queueid=x", "queueid: 'queueid' is not a parameter here. Did you mean 'queueId'?", "queueId: 'x' is not a queue id (a GUID). Select queues by name with queue=Billing*.")]
    [InlineData("timezone=UTC", "timezone: 'timezone' is not a parameter here. Did you mean 'timeZone'?")]
    [InlineData("mediaTypes=voice", "mediaTypes: 'mediaTypes' is not a parameter here. Did you mean 'mediaType'?")]
    public async Task Every_invalid_parameter_is_reported_with_its_name_its_value_and_the_accepted_values(string query, params string[] expected)
    {
        using var service = new RunningService { Clock = Clock() };

        (await ErrorsAsync(service, query)).ShouldBe(expected, ignoreOrder: true);
    }

    /// <summary>The clock has ticks; no caller can write them.</summary>
    [Fact]
    public async Task Errors_show_the_current_time_in_whole_milliseconds()
    {
        using var service = new RunningService { Clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Clock().GetUtcNow().AddTicks(1_234_567)) };

        (await ErrorsAsync(service, "from=now%2B1h")).ShouldBe(["from: 'now+1h' starts at 2026-11-23T10:15:20.123Z, which is not before now (2026-11-23T09:15:20.123Z): 'from' must start in the past."]);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task All_invalid_parameters_are_reported_at_once_under_their_wire_names(string environment)
    {
        using var service = new RunningService { Clock = Clock(), Environment = environment };
        var names = AggregatesParameters.Names.Except(["to", "interval", "last", "period"]).ToList();

        var errors = await ErrorsAsync(service, string.Join('&', names.Select(name => name is "queue" or "user" ? $"{name}=" : name == "wrapUpCode" ? "wrapUpCode=wr%C3%B6ng%00" : $"{name}=wr%C3%B6ng")) + "&unknown=1");

        errors.Select(error => error.Split(':')[0]).Distinct().ShouldBe([.. names, "unknown"], ignoreOrder: true);
        errors.Where(error => error.Split(':')[0] is not ("queue" or "user" or "unknown")).ShouldAllBe(error => error.Contains(": 'wröng", StringComparison.Ordinal) && error.Contains("' is n", StringComparison.Ordinal));
    }

    [Fact]
    public void The_parameter_names_match_the_bound_properties() =>
        AggregatesParameters.Names.ShouldBe(
            typeof(AggregatesParameters).GetProperties()
                .SelectMany(property => property.GetCustomAttributes(false).OfType<Microsoft.AspNetCore.Mvc.FromQueryAttribute>())
                .Select(bound => bound.Name!),
            ignoreOrder: true);

    [Fact]
    public void The_parameters_that_may_be_repeated_are_bound_to_lists() =>
        AggregatesParameters.RepeatableNames.ShouldBe(QueryBody.Kinds.Where(kind => kind.Value == QueryBody.MemberKind.List).Select(kind => kind.Key), ignoreOrder: true);

    /// <summary>Compiling the rules takes longer than the rest of the startup.</summary>
    [Fact]
    public async Task The_rules_are_compiled_when_the_first_query_is_checked()
    {
        var compiled = 0;
        using var service = new RunningService
        {
            Clock = Clock(),
            Replace = services => services.AddSingleton(_ =>
            {
                compiled++;
                return Validator;
            }),
        };

        await service.CreateClient().GetStringAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
        compiled.ShouldBe(0);
        await ErrorsAsync(service, "limit=0");
        compiled.ShouldBe(1);
    }

    [Fact]
    public void Too_many_values_are_rejected_with_the_maximum()
    {
        Find(new() { QueueId = [.. Enumerable.Range(0, 1001).Select(i => $"05f1c285-6777-4ccc-806f-{i:x12}")] })
            .ShouldBe(["queueId: 1001 values are too many: at most 1000. Use a name pattern (queue=Billing*) or divisionId instead, or omit all of them to query every queue."]);
        Find(new() { Queue = [.. Enumerable.Range(0, 51).Select(i => $"q{i}")] })
            .ShouldBe(["queue: 51 names are too many: at most 50; use a pattern with * for several queues, divisionId for all queues of a division, or omit these parameters to query every queue."]);
        Find(new() { Metric = [string.Join(',', GenesysAnalyticsApi.Facts.GenesysMetrics.Names)] }).ShouldBeEmpty("all of them may be requested");
        Find(new() { Metric = [string.Join(',', GenesysAnalyticsApi.Facts.GenesysMetrics.Names.Append("tUnknown"))] })[0].ShouldBe("metric: 81 values are too many: at most 80.");
    }

    [Fact]
    public void Repeated_values_count_once()
    {
        Find(new() { QueueId = [Guid, Guid.ToUpperInvariant()], GroupBy = ["none,none"], MediaType = ["voice", "VOICE"], Metric = ["tAlert", "tAlert"] }).ShouldBeEmpty();

        var query = AggregatesQuery.From(new() { QueueId = [Guid, Guid.ToUpperInvariant()], MediaType = ["voice", "VOICE"], Metric = ["tAlert", "tAlert"] }, AggregatesClient.Now, ResponseFormat.Json);

        query.QueueIds.ShouldBe([Guid]);
        query.MediaTypes.ShouldBe(["voice"]);
        query.Metrics.ShouldBe(["tAlert"]);
    }

    [Fact]
    public async Task Nonsense_of_any_length_gets_a_short_readable_error()
    {
        using var service = new RunningService { Clock = Clock() };
        foreach (var name in AggregatesParameters.Names.Where(name => name is not ("queue" or "user")).Append("unknown"))
        {
            var nonsense = string.Concat(Enumerable.Repeat("%0A%00%E2%80%AE%F0%9F%98%80x{PropertyValue}", 200));

            var errors = await ErrorsAsync(service, $"{name}={nonsense}");

            errors.ShouldNotBeEmpty(name);
            errors.ShouldAllBe(error => error.Length < 500 && !error.Any(char.IsControl) && !error.Contains('\u202E', StringComparison.Ordinal));
        }

        var names = await ErrorsAsync(service, string.Join('&', Enumerable.Range(0, 1500).Select(i => $"n{i}{(i < 2 ? new string('x', 500) : "")}=1")));
        names.Count.ShouldBe(20);
        names.ShouldAllBe(error => error.Length < 600);
    }

    [Fact]
    public void Parameters_accepted_by_the_validator_can_be_planned() =>
        AnyParameters.Sample(
            parameters =>
            {
                var errors = Find(parameters);
                if (errors is [])
                {
                    var query = AggregatesQuery.From(parameters, AggregatesClient.Now, ResponseFormat.Json);
                    query.Interval.To.ShouldBeGreaterThan(query.Interval.From);
                    SlicePlanner.Plan(query with { Granularity = null }, AggregatesClient.Settle).Edges.Length.ShouldBe(2);
                }

                errors.FindAll(error => error.Length >= 600).ShouldBeEmpty();
            },
            iter: 8_000);

    private static readonly Gen<string> Word = Gen.Frequency(
        (6, GenChoice.OneOf(
            "2026-11-01", "2026-11-01T08:00", "2026-11-01T08:00:00Z", "2026-11-01T08:00:00.1234567Z", "2026-11-01T08:00+01", "2026-11-01T08:00 01:00",
            "2026-11-01T08:00-18:00", "-9998-01-01T00:00+18:00", "9999-12-31T23:59:59.999999999-18:00", "9998-12-31T23:59-18:00", "2026-02-29",
            "2026-10-25T02:30", "2026-03-29T02:30", "0001-01-01T00:00+18:00", "2026-11-23", "2026-11-23T09:15:20Z", "2026-11-23T09:15")),
        (6, GenChoice.OneOf(
            "PT24H", "P7D", "P1Y", "P13Y", "P9999Y", "P2147483647D", "PT-1H", "P1M-30D", "PT0.0000001S", "PT9223372036854775807H", "P1DT1H", "P-1DT48H",
            "today", "last-month", "2026-11-01/2026-11-02", "/", "2026-11-01T00:00Z/2030-01-01T00:00Z", "PT5M", "PT1H", "P1D", "P1W", "P1M")),
        (4, GenChoice.OneOf(
            "Europe/Berlin", "UTC", "Etc/GMT+12", "Pacific/Apia", "Asia/Kathmandu", Guid, Guid.ToUpperInvariant(), "0x1c285e-6777-4ccc-806f-8db085ae0793",
            "voice", "VOICE,chat", "unknown", "queueId", "none", "none,none", "divisionId,queueId", "tAlert,nConsult", "zero", "inbound", "deny", "true", "60", "")),
        (3, Gen.String[0, 12]),
        (1, Gen.String[Gen.Char["\0\n\u0085\u2028\ud83d\ude00ßİ*,/{}'\"\\ +"], 0, 200]));

    private static readonly Gen<string?> Maybe = Gen.Frequency((4, Gen.Const((string?)null)), (2, Word.Select(word => (string?)word)));

    private static readonly Gen<string[]?> Several = Gen.Frequency((4, Gen.Const((string[]?)null)), (1, Word.Array[0, 3].Select(words => (string[]?)words)));

    private static readonly Gen<AggregatesParameters> AnyParameters =
        from time in Gen.Select(Maybe, Maybe, Maybe, Maybe, Maybe)
        from rest in Gen.Select(Maybe, Maybe, Maybe, Maybe, Maybe)
        from lists in Gen.Select(Several, Several, Several, Several, Several)
        from zone in Gen.Frequency((3, Gen.Const((string?)null)), (3, AggregatesClient.Zone.Select(zone => (string?)zone.Id)), (1, Maybe))
        from granularity in Gen.Frequency((2, Gen.Const((string?)null)), (2, GenChoice.OneOf([.. Granularity.All]).Select(known => (string?)known.Iso)), (1, Maybe))
        select new AggregatesParameters
        {
            From = time.Item1,
            To = time.Item2,
            Interval = time.Item3,
            Last = time.Item4,
            Period = time.Item5,
            TimeZone = zone,
            Granularity = granularity,
            QueueId = lists.Item1,
            Queue = lists.Item2,
            DivisionId = lists.Item3,
            MediaType = lists.Item4,
            Metric = lists.Item5,
            Direction = rest.Item1,
            Fill = rest.Item2,
            ServiceLevelThresholdMs = rest.Item4,
            Partial = rest.Item3,
            MaxAge = rest.Item4,
            Explain = rest.Item5,
        };

    // Shared, because constructing it compiles its rules.
    private static readonly AggregatesParametersValidator Validator = new(RecordSort.Fields);

    private static List<string> Find(AggregatesParameters parameters) =>
        [.. Validator.ErrorsOf(parameters, AggregatesClient.Now, ResponseFormat.Json).SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"))];

    private static Microsoft.Extensions.Time.Testing.FakeTimeProvider Clock() => new(AggregatesClient.Now.ToDateTimeOffset());

    private static async Task<List<string>> ErrorsAsync(RunningService service, string query)
    {
        using var response = await service.CreateClient().GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return [.. problem.GetProperty("errors").EnumerateObject().SelectMany(error => error.Value.EnumerateArray().Select(message => $"{error.Name}: {message.GetString()}"))];
    }
}
