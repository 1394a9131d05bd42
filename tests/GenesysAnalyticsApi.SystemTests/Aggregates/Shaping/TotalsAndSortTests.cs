using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Shaping;

/// <summary>Totals, sorting and limits use only the slices that the query reads anyway.</summary>
public sealed class TotalsAndSortTests
{
    private const string Week = "/aggregates?period=last-week&timeZone=Europe/Berlin";

    [Theory]
    [InlineData("")]
    [InlineData("&granularity=P1D")]
    [InlineData("&granularity=P1D&groupBy=divisionId&metric=tAlert,nConsult")]
    [InlineData("&hours=08:00-18:00&weekdays=mon-fri&limit=1")]
    [InlineData("&mediaType=callback,voice&groupBy=mediaType&fill=zero&limit=1")]
    public async Task Totals_equal_the_query_without_grouping_and_need_no_Genesys_request(string shape)
    {
        await using var organization = await SimulatedService.StartAsync();
        var plain = await organization.QueryAsync($"{Week}{shape}");

        var calls = await organization.CallsOfAsync(async () =>
        {
            var whole = await organization.QueryAsync($"{Week}{shape}&totals=true");

            var alone = await organization.QueryAsync($"{Week}{WithoutGrouping(shape)}&groupBy=none");
            whole.GetProperty("totals").ToString().ShouldBe(alone.GetProperty("records")[0].ToString());
            whole.GetProperty("totals").GetProperty("offered").GetInt64().ShouldBeGreaterThan(0);
            whole.GetProperty("records").ToString().ShouldBe(plain.GetProperty("records").ToString());
            string.Join(' ', whole.EnumerateObject().Select(member => member.Name)).ShouldBe("query meta totals records");
        });

        calls.ShouldBe(0);
        plain.TryGetProperty("totals", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("offered")]
    [InlineData("averageHandleTimeMs")]
    [InlineData("abandonRate")]
    [InlineData("queueName")]
    [InlineData("mediaType")]
    [InlineData("from")]
    public async Task Records_are_sorted_by_a_field_with_null_last_and_limited_after_sorting(string field)
    {
        await using var organization = await SimulatedService.StartAsync();
        var all = Records(await organization.QueryAsync($"{Week}&granularity=P1D"));
        var calls = await organization.CallsOfAsync(async () =>
        {
            var up = Records(await organization.QueryAsync($"{Week}&granularity=P1D&sort={field}"));
            var down = Records(await organization.QueryAsync($"{Week}&granularity=P1D&sort=-{field}"));

            up.Order(StringComparer.Ordinal).ShouldBe(all.Order(StringComparer.Ordinal), "the same records in another order");
            ShouldBeSorted(up, field, isDescending: false);
            ShouldBeSorted(down, field, isDescending: true);

            var first = await organization.QueryAsync($"{Week}&granularity=P1D&sort=-{field}&limit=7");
            Records(first).ShouldBe(down.Take(7));
            first.GetProperty("meta").GetProperty("rows").ToString().ShouldBe($$"""{"returned":7,"total":{{all.Count}}}""");
        });
        calls.ShouldBe(0);
    }

    [Fact]
    public async Task Ties_are_sorted_by_queue_media_type_and_start()
    {
        await using var organization = await SimulatedService.StartAsync();

        var records = Records(await organization.QueryAsync($"{Week}&granularity=P1D&sort=-final"));

        var expected = records.Select(Parse)
            .OrderByDescending(record => record.GetProperty("final").GetBoolean())
            .ThenBy(record => Text(record, "queueName") is null)
            .ThenBy(record => Text(record, "queueName"), StringComparer.OrdinalIgnoreCase)
            .ThenBy(record => Text(record, "queueName"), StringComparer.Ordinal)
            .ThenBy(record => Text(record, "queueId"), StringComparer.Ordinal)
            .ThenBy(record => Text(record, "mediaType"), StringComparer.Ordinal)
            .ThenBy(record => Text(record, "from"), StringComparer.Ordinal);
        records.ShouldBe(expected.Select(record => record.ToString()));
    }

    [Fact]
    public async Task Records_can_be_sorted_by_raw_statistics_and_by_the_compared_record()
    {
        await using var organization = await SimulatedService.StartAsync();

        var records = (await organization.QueryAsync($"{Week}&metric=tAlert&compare=previous&sort=-metrics.tAlert.sum")).GetProperty("records").EnumerateArray().ToList();
        records.Select(record => record.GetProperty("metrics").GetProperty("tAlert").GetProperty("sum").GetDouble()).ShouldBeInOrder(SortDirection.Descending);

        records = [.. (await organization.QueryAsync($"{Week}&compare=previous&sort=-previous.offered,queueName")).GetProperty("records").EnumerateArray()];
        records.Select(record => record.GetProperty("previous").GetProperty("offered").GetInt64()).ShouldBeInOrder(SortDirection.Descending);
    }

    [Theory]
    [InlineData("sort=ofered", "sort", "Did you mean 'offered'?")]
    [InlineData("sort=offered,-offered", "sort", "'-offered' repeats the field of an earlier value")]
    [InlineData("sort=previous.offered", "sort", "needs 'compare'")]
    [InlineData("sort=divisionName", "sort", "needs 'groupBy'")]
    [InlineData("sort=metrics.tAlert.sum", "sort", "needs 'metric'")]
    [InlineData("sort=metrics.tAlert.summ&metric=tAlert", "sort", "'metrics.tAlert.summ' is not a statistic")]
    [InlineData("sort=metrics.tAlert&metric=tAlert", "sort", "metrics.tAlert.sum")]
    [InlineData("sort=-", "sort", "is not a record field")]
    [InlineData("limit=0", "limit", "1 to 100000")]
    [InlineData("limit=100001", "limit", "1 to 100000")]
    [InlineData("totals=yes", "totals", "Did you mean 'true'?")]
    public async Task An_invalid_value_is_400_and_the_error_explains_what_is_accepted(string query, string parameter, string message)
    {
        using var service = new RunningService();

        var problem = await service.QueryProblemAsync(query, 400, "invalid-request");

        problem["errors"]![parameter]!.AsArray().Select(error => error!.GetValue<string>()).ShouldContain(error => error.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task If_a_response_would_have_to_be_streamed_the_problem_names_the_parameters_that_prevent_it()
    {
        await using var organization = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "20" });

        (await organization.QueryAsync($"{Week}&granularity=P1D")).GetProperty("records").GetArrayLength().ShouldBeGreaterThan(20);
        var problem = await organization.Service.QueryProblemAsync("period=last-week&granularity=P1D&sort=offered&limit=5&totals=true&compare=previous", 422, "too-large");

        problem.Text("detail")!.ShouldContain("Aggregates:StreamRows");
        problem.Text("detail")!.ShouldContain("sort, totals, limit, compare");
    }

    private static string WithoutGrouping(string shape) => string.Join('&', shape.Split('&')
        .Where(parameter => !parameter.StartsWith("groupBy=", StringComparison.Ordinal) && !parameter.StartsWith("granularity=", StringComparison.Ordinal)));

    private static List<string> Records(JsonElement response) => [.. response.GetProperty("records").EnumerateArray().Select(record => record.ToString())];

    private static JsonElement Parse(string record) => JsonSerializer.Deserialize<JsonElement>(record);

    private static string? Text(JsonElement record, string field) => record.GetProperty(field).GetString();

    private static void ShouldBeSorted(IReadOnlyList<string> records, string field, bool isDescending)
    {
        var values = records.Select(record => Parse(record).GetProperty(field)).ToList();
        foreach (var (one, next) in values.Zip(values.Skip(1)))
        {
            if (next.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            one.ValueKind.ShouldNotBe(JsonValueKind.Null, "null is last");
            var order = one.ValueKind == JsonValueKind.Number
                ? one.GetDouble().CompareTo(next.GetDouble())
                : StringComparer.OrdinalIgnoreCase.Compare(one.GetString(), next.GetString());
            (isDescending ? -order : order).ShouldBeLessThanOrEqualTo(0);
        }
    }
}
