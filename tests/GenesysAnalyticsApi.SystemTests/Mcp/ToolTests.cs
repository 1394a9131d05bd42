using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Mcp.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Mcp;

/// <summary>The tools of <c>/mcp</c>, called by the official client: they return what the HTTP endpoints return, to the callers that may see it.</summary>
public sealed class ToolTests
{
    private readonly IssuedKeys _keys = new IssuedKeys()
        .Add("lead", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Scopes:2", "agents"), ("Scopes:3", "operator"))
        .Add("limited", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Queues:0", "Billing*"))
        .Add("blind", ("Scopes:0", "read"))
        .Add("other", ("Scopes:0", "details"));

    [Fact]
    public async Task Every_tool_is_listed_as_read_only_with_a_schema_of_its_result()
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");

        var tools = await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);

        tools.Select(tool => tool.Name).Order().ShouldBe(["conversations", "data_health", "explain_figure", "find_queues", "live_queues", "queue_figures"]);
        tools.ShouldAllBe(tool => tool.ProtocolTool.Annotations!.ReadOnlyHint == true && tool.ProtocolTool.Annotations.DestructiveHint == false
            && tool.ProtocolTool.Annotations.OpenWorldHint == false && tool.ProtocolTool.Annotations.IdempotentHint == true);
        tools.ShouldAllBe(tool => tool.Description.Length > 60 && tool.ReturnJsonSchema != null);
        tools.ShouldAllBe(tool => tool.JsonSchema.GetProperty("properties").EnumerateObject().All(parameter => parameter.Value.GetProperty("description").GetString()!.Length > 10));
        (await assistant.Client.ListPromptsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(prompt => prompt.Name).Order()
            .ShouldBe(["daily_report", "incident_review", "queue_comparison"]);
        assistant.Client.ServerInstructions!.ShouldContain("period word");
    }

    [Theory]
    [InlineData("period=yesterday&timeZone=Europe/Berlin&groupBy=queueId", """{"period":"yesterday","timeZone":"Europe/Berlin"}""")]
    [InlineData("period=last-week&groupBy=mediaType&compare=previous", """{"period":"last-week","groupBy":["mediaType"],"compare":"previous"}""")]
    [InlineData("from=2026-11-20T08:00&to=2026-11-20T12:00&timeZone=Europe/Berlin&granularity=PT1H&groupBy=none&mediaType=voice", """{"from":"2026-11-20T08:00","to":"2026-11-20T12:00","timeZone":"Europe/Berlin","granularity":"PT1H","groupBy":["none"],"mediaType":["voice"]}""")]
    public async Task The_tool_queue_figures_returns_the_figures_of_the_endpoint(string query, string arguments)
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");

        var toolResult = await assistant.ReadAsync("queue_figures", JsonSerializer.Deserialize<JsonElement>(arguments));

        var expected = await given.QueryAsync($"/aggregates?{query}&totals=true&sort={(query.Contains("granularity", StringComparison.Ordinal) ? "from" : "-offered")}", _keys.Of("lead", given.Service));
        toolResult.GetProperty("interval").GetString().ShouldBe(expected.GetProperty("query").GetProperty("interval").GetString());
        Rows(toolResult).ShouldBe(expected.GetProperty("records").EnumerateArray().Select(RowOf));
        FiguresOf(toolResult.GetProperty("total").GetProperty("figures")).ShouldBe(FiguresOf(expected.GetProperty("totals")));
        toolResult.GetProperty("complete").GetBoolean().ShouldBe(expected.GetProperty("meta").GetProperty("complete").GetBoolean());
        toolResult.GetProperty("reliability").GetString()!.ShouldContain("Figures as of 2026-11-23T09:15:20Z");

        static string RowOf(JsonElement record) => $"{Label(record, "queueId")} {Label(record, "mediaType")} {Label(record, "from")} {FiguresOf(record)} {(record.TryGetProperty("previous", out var previous) ? FiguresOf(previous) : "")} {record.GetProperty("complete")} {record.GetProperty("final")}";
        static IEnumerable<string> Rows(JsonElement toolResult) => toolResult.GetProperty("rows").EnumerateArray().Select(row =>
            $"{Label(row.GetProperty("of"), "queueId")} {Label(row.GetProperty("of"), "mediaType")} {Label(row.GetProperty("of"), "from")} {FiguresOf(row.GetProperty("figures"))} {(row.GetProperty("previous") is { ValueKind: JsonValueKind.Object } previous ? FiguresOf(previous) : "")} {row.GetProperty("complete")} {row.GetProperty("final")}");
    }

    [Fact]
    public async Task A_large_result_has_the_top_rows_and_the_total_and_says_what_it_omits()
    {
        await using var given = await StartAsync(("Mcp:MaxRows", "3"));
        await using var assistant = await AsAsync(given, "lead");

        var toolResult = await assistant.ReadAsync("queue_figures", new { period = "last-week", figures = new[] { "offered" } });
        var queues = await assistant.ReadAsync("find_queues");
        var conversations = await assistant.ReadAsync("conversations", new { from = "2026-11-20T08:00", to = "2026-11-20T12:00" });

        toolResult.GetProperty("rows").GetArrayLength().ShouldBe(3, toolResult.GetRawText());
        var all = await given.QueryAsync("/aggregates?period=last-week&groupBy=queueId&totals=true", _keys.Of("lead", given.Service));
        toolResult.GetProperty("totalRows").GetInt32().ShouldBe(all.GetProperty("records").GetArrayLength());
        toolResult.GetProperty("leftOut").GetString()!.ShouldStartWith($"{all.GetProperty("records").GetArrayLength() - 3} of ");
        toolResult.GetProperty("total").GetProperty("figures").GetProperty("offered").GetDouble().ShouldBe(all.GetProperty("totals").GetProperty("offered").GetDouble());
        queues.GetProperty("queues").GetArrayLength().ShouldBe(3);
        queues.GetProperty("total").GetInt32().ShouldBe(8);
        conversations.GetProperty("conversations").GetArrayLength().ShouldBe(3, conversations.GetRawText());
        conversations.TryGetProperty("leftOut", out _).ShouldBeTrue(conversations.GetRawText());
        conversations.GetProperty("leftOut").GetString()!.ShouldContain("more");
    }

    /// <summary>A model can send neither a header nor the parameters that the tool sets itself.</summary>
    [Theory]
    [InlineData("PT5M", "The response would have about 115200 rows, or more if several queues have data; the maximum is 100000 (Aggregates:StreamRows). Use a coarser granularity, or an interval shorter than 347 days.")]
    [InlineData("PT15M", "(Aggregates:AsyncAboveCalls). Use a shorter interval (about 24 hours would fit), or a coarser granularity.")]
    public async Task The_error_for_a_query_that_is_too_large_names_only_what_a_model_can_change(string granularity, string expected)
    {
        await using var given = await StartAsync(("Aggregates:AsyncAboveCalls", "3"));
        await using var assistant = await AsAsync(given, "lead");

        var error = await assistant.FailAsync("queue_figures", new { from = "2025-10-14", to = "2026-11-18", granularity });

        error.ShouldEndWith(expected);
        error.ShouldNotContain("Prefer");
    }

    [Fact]
    public async Task A_limited_caller_sees_only_its_queues_through_every_tool_and_resource()
    {
        await using var given = await StartAsync();
        await using var lead = await AsAsync(given, "lead");
        await using var limited = await AsAsync(given, "limited");
        var all = (await lead.ReadAsync("find_queues")).GetProperty("queues").EnumerateArray().ToList();
        var foreign = all.Where(queue => !queue.GetProperty("name").GetString()!.StartsWith("Billing", StringComparison.OrdinalIgnoreCase)).ToList();
        foreign.ShouldNotBeEmpty();

        var texts = new List<string>();
        foreach (var (tool, arguments) in new (string, object)[]
        {
            ("find_queues", new { }),
            ("queue_figures", new { period = "last-week" }),
            ("queue_figures", new { period = "last-week", groupBy = new[] { "divisionId" } }),
            ("queue_figures", new { period = "last-week", queue = new[] { "*" } }),
            ("live_queues", new { }),
            ("live_queues", new { groupBy = new[] { "queue", "mediaType" } }),
            ("conversations", new { from = "2026-11-20T08:00", to = "2026-11-20T12:00" }),
            ("data_health", new { diagnose = true }),
            ("explain_figure", new { figure = "offered" }),
        })
        {
            texts.Add((await limited.ReadAsync(tool, arguments)).GetRawText());
        }

        var resource = await limited.Client.ReadResourceAsync("catalog://figures", cancellationToken: TestContext.Current.CancellationToken);
        texts.Add(JsonSerializer.Serialize(resource.Contents));
        foreach (var queue in foreign)
        {
            texts.ShouldAllBe(text => !text.Contains(queue.GetProperty("id").GetString()!, StringComparison.OrdinalIgnoreCase));
        }

        var hidden = await limited.FailAsync("queue_figures", new { period = "yesterday", queue = new[] { foreign[0].GetProperty("id").GetString()! } });
        hidden.ShouldContain("No queue");
        hidden.Replace(foreign[0].GetProperty("id").GetString()!, "", StringComparison.Ordinal)
            .ShouldBe((await limited.FailAsync("queue_figures", new { period = "yesterday", queue = new[] { Guid.Empty.ToString() } })).Replace(Guid.Empty.ToString(), "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tools_require_the_same_scopes_as_the_endpoints()
    {
        await using var given = await StartAsync();
        await using var blind = await AsAsync(given, "blind");

        (await blind.FailAsync("conversations", new { period = "yesterday" })).ShouldContain("details");
        (await blind.FailAsync("queue_figures", new { period = "yesterday", groupBy = new[] { "userId" } })).ShouldContain("agents");
        (await blind.ReadAsync("data_health", new { diagnose = true })).GetProperty("note").GetString()!.ShouldContain("operator");

        using var without = given.Service.CreateClient();
        (await without.PostAsync(new Uri("/mcp", UriKind.Relative), Ping(), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        using var other = _keys.Of("other", given.Service);
        (await other.PostAsync(new Uri("/mcp", UriKind.Relative), Ping(), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("queue_figures", """{"period":"yesteryear"}""", "period: 'yesteryear' is not a period")]
    [InlineData("queue_figures", """{"period":"yesterday","figures":["aht"]}""", "figures: 'aht' is not a figure: use one that the resource catalog://figures lists.")]
    [InlineData("queue_figures", """{"period":"yesterday","timeZone":"Berlin/Europe"}""", "timeZone: ")]
    [InlineData("queue_figures", """{"period":"yesterday","limit":0}""", "limit: '0' is not a whole number of rows from 1 to 50.")]
    [InlineData("queue_figures", """{"period":"yesterday","limit":"many"}""", "limit: is the string 'many'. Give a whole number, at most 2147483647.")]
    [InlineData("queue_figures", """{"period":"yesterday","limit":1.5}""", "limit: is the number 1.5. Give a whole number, at most 2147483647.")]
    [InlineData("conversations", """{"period":"yesterday","minWaitTimeMs":3000000000}""", "minWaitTimeMs: is the number 3000000000. Give a whole number, at most 2147483647.")]
    [InlineData("queue_figures", """{"period":"yesterday","queue":[1]}""", "queue: is a list with values of another type. Give a list whose items are each a string.")]
    [InlineData("queue_figures", """{"period":"yesterday","queueId":["x"]}""", "queueId: 'queueId' is not an argument of queue_figures: use one of period, from, to,")]
    [InlineData("queue_figures", """{"queue":[""]}""", "queue: has an empty item. Remove it.")]
    [InlineData("live_queues", """{"queue":" "}""", "queue: is empty. Give at least one value, or leave the argument out to get all queues.")]
    [InlineData("live_queues", """{"queue":[]}""", "queue: is empty. Give at least one value, or leave the argument out to get all queues.")]
    [InlineData("find_queues", """{"name":" "}""", "name: is empty. Give a name or a pattern with *, or leave the argument out to get all queues.")]
    [InlineData("queue_figures", """{"sort":"x"}""", "sort: 'x' is not a figure: use one that the resource catalog://figures lists.")]
    [InlineData("queue_figures", """{"sort":"metrics.tAlert.sum"}""", "sort: 'metrics.tAlert.sum' is not a figure: use one that the resource catalog://figures lists.")]
    [InlineData("queue_figures", """{"sort":""}""", "sort: '' is not a figure")]
    [InlineData("queue_figures", """{"period":"yesterday","from":"now-1d"}""", "period: 'period' cannot be combined with 'from': give from and to, or period.")]
    [InlineData("queue_figures", """{"figures":[null]}""", "figures: is a list with values of another type")]
    [InlineData("explain_figure", """{"figure":null}""", "figure: is null. Give a string.")]
    [InlineData("find_queues", """{"limit":1000}""", "limit: '1000' is not a whole number of rows from 1 to 50.")]
    [InlineData("queue_figures", """{"periode":"yesterday"}""", "Did you mean 'period'?")]
    [InlineData("live_queues", """{"queueName":["Billing*"]}""", "Did you mean 'queue'?")]
    [InlineData("live_queues", """{"mediaTypes":["voice"]}""", "Did you mean 'mediaType'?")]
    [InlineData("queue_figures", """{"period":"today","queue":["Customer Service"]}""", "Pass the id of one of these instead of the name: [{")]
    [InlineData("explain_figure", """{"figure":"waiting"}""", "figure: 'waiting' is a figure of the current state, in live_queues.")]
    [InlineData("queue_figures", """{"period":"yesterday","queue":["No such queue"]}""", "No such queue")]
    [InlineData("explain_figure", """{"figure":"happiness"}""", "figure: 'happiness' is not a figure: use one that the resource catalog://figures lists.")]
    [InlineData("explain_figure", "{}", "figure: is missing. Give a string.")]
    [InlineData("conversations", """{"period":"yesterday","outcome":["lost"]}""", "outcome: 'lost'")]
    public async Task An_invalid_argument_gets_an_error_that_says_what_to_change(string tool, string arguments, string expected)
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");

        (await assistant.FailAsync(tool, JsonSerializer.Deserialize<JsonElement>(arguments))).ShouldContain(expected);
    }

    /// <summary>Faults of every kind: an unknown argument, a wrong type, an empty list, and values that only the tool can check.</summary>
    [Theory]
    [InlineData(
        "queue_figures", """{"periode":"today","timeZone":5,"queue":[],"figures":["aht"],"limit":0,"granularity":"1x","sort":"y","from":5,"to":"now"}""",
        "periode", "timeZone", "queue", "figures", "limit", "granularity", "sort", "from")]
    [InlineData("live_queues", """{"queueId":"x","mediaType":["fax"],"groupBy":"day","limit":1000}""", "queueId", "mediaType", "groupBy", "limit")]
    [InlineData(
        "conversations", """{"unknown":1,"period":"someday","outcome":["lost"],"direction":"up","minWaitTimeMs":-1,"minHandleTimeMs":"long","limit":51,"wrapUpCode":[]}""",
        "unknown", "period", "outcome", "direction", "minWaitTimeMs", "minHandleTimeMs", "limit", "wrapUpCode")]
    [InlineData("find_queues", """{"name":"","limit":0,"queue":"x"}""", "name", "limit", "queue")]
    [InlineData("explain_figure", """{"figure":"happiness","queue":"x"}""", "figure", "queue")]
    [InlineData("data_health", """{"diagnose":"maybe","verbose":true}""", "diagnose", "verbose")]
    public async Task One_error_tells_the_faults_of_all_arguments(string tool, string arguments, params string[] faulty)
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");

        var lines = (await assistant.FailAsync(tool, JsonSerializer.Deserialize<JsonElement>(arguments))).Split('\n');

        lines[0].ShouldBe("The request is invalid.");
        lines[1..].Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]).ShouldBe(faulty, ignoreOrder: true, string.Join('\n', lines));
    }

    /// <summary>The caller selected nothing, so everything is not what it asked for.</summary>
    [Fact]
    public async Task No_list_argument_accepts_an_empty_list()
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");
        var lists = (await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).SelectMany(tool => tool.JsonSchema.GetProperty("properties").EnumerateObject()
            .Where(argument => argument.Value.GetProperty("type").ToString().Contains("array", StringComparison.Ordinal)).Select(argument => (Tool: tool.Name, argument.Name))).ToList();

        lists.Count.ShouldBeGreaterThan(6);
        foreach (var (tool, list) in lists)
        {
            (await assistant.FailAsync(tool, new Dictionary<string, object> { [list] = Array.Empty<string>() })).ShouldContain($"{list}: is empty. Give at least one value, or leave the argument out", customMessage: tool);
        }
    }

    [Fact]
    public async Task A_single_value_is_accepted_as_a_list_of_one()
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");

        var one = await assistant.ReadAsync("queue_figures", new { period = "yesterday", queue = "Billing*" });
        var list = await assistant.ReadAsync("queue_figures", new { period = "yesterday", queue = new[] { "Billing*" } });

        one.GetProperty("totalRows").GetInt32().ShouldBe(list.GetProperty("totalRows").GetInt32());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"protocolVersion":"2025-06-18"}""")]
    [InlineData("""{"protocolVersion":5,"capabilities":{},"clientInfo":{"name":"x","version":"1"}}""")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":[],"clientInfo":{"name":"x","version":"1"}}""")]
    public async Task Malformed_params_are_an_error_of_the_caller(string parameters)
    {
        using var service = RunningService.Simulated();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{parameters}}}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Accept", "application/json, text/event-stream" } },
        };

        using var response = await service.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("-32602");
    }

    [Fact]
    public async Task The_tool_live_queues_returns_the_state_of_the_endpoint()
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");

        var toolResult = await assistant.ReadAsync("live_queues", new { groupBy = new[] { "none" } });
        var top = await assistant.ReadAsync("live_queues", new { limit = 2 });

        var expected = (await given.QueryAsync("/observations?groupBy=none", _keys.Of("lead", given.Service))).GetProperty("records")[0];
        toolResult.GetProperty("rows")[0].GetProperty("waiting").GetInt32().ShouldBe(expected.GetProperty("waiting").GetInt32());
        toolResult.GetProperty("rows")[0].GetProperty("interacting").GetInt32().ShouldBe(expected.GetProperty("interacting").GetInt32());
        toolResult.GetProperty("complete").GetBoolean().ShouldBeTrue();
        top.GetProperty("rows").GetArrayLength().ShouldBe(2);
        top.GetProperty("rows")[0].GetProperty("waiting").GetInt32().ShouldBeGreaterThanOrEqualTo(top.GetProperty("rows")[1].GetProperty("waiting").GetInt32());
        top.GetProperty("leftOut").GetString()!.ShouldContain("rows are not shown");
    }

    [Fact]
    public async Task A_figure_is_explained_by_name_words_and_abbreviation()
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "blind");

        foreach (var word in new[] { "averageHandleTimeMs", "AHT", "average handle time", "aht " })
        {
            var explained = await assistant.ReadAsync("explain_figure", new { figure = word });
            explained.GetProperty("name").GetString().ShouldBe("averageHandleTimeMs", word);
            explained.GetProperty("formula").GetString().ShouldBe("tHandle.sum / tHandle.count");
            explained.GetProperty("merge").GetString().ShouldBe("ratio");
            explained.GetProperty("note").ValueKind.ShouldBe(JsonValueKind.Null);
        }

        // A figure of a period and of the current state: the longest wait of all interactions, and of those that are waiting.
        foreach (var word in new[] { "longestWaitMs", "longest wait" })
        {
            (await assistant.ReadAsync("explain_figure", new { figure = word })).GetProperty("note").GetString()
                .ShouldBe("'longestWaitMs' is also a figure of the current state, in live_queues.", word);
        }
    }

    /// <summary>Whatever arguments a model invents, the service returns a clear error and logs no failure.</summary>
    [Fact]
    public async Task Nonsense_gets_clear_errors()
    {
        await using var given = await StartAsync();
        await using var assistant = await AsAsync(given, "lead");
        var tools = (await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).ToList();
        var random = new Random(20261123);
        object?[] values = ["", "now", "*", "' OR 1=1", "2026-13-45", -1, 0, 1e300, true, null, new[] { "" }, new[] { "x", "y" }, new[] { 1, 2 }, new { a = 1 }, "\u0000", new string('q', 5_000), "yesterday", "PT1H", "none"];

        for (var call = 0; call < 200; call++)
        {
            var tool = tools[random.Next(tools.Count)];
            var names = tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(one => one.Name).Append("unknown").ToArray();
            var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (var count = random.Next(4); count > 0; count--)
            {
                arguments[names[random.Next(names.Length)]] = values[random.Next(values.Length)];
            }

            // Another test covers the doctor.
            arguments.Remove("diagnose");
            var result = await assistant.Client.CallToolAsync(tool.Name, arguments, cancellationToken: TestContext.Current.CancellationToken);
            var text = Assistant.TextOf(result);
            text.ShouldNotBeNullOrWhiteSpace();
            text.Length.ShouldBeLessThan(200_000);
            if (result.IsError == true)
            {
                text.ShouldNotContain("An error occurred", customMessage: $"{tool.Name} {JsonSerializer.Serialize(arguments)}");
                text.ShouldNotContain("The service failed", customMessage: $"{tool.Name} {JsonSerializer.Serialize(arguments)}");
                text.Length.ShouldBeGreaterThan(20);
            }
        }

        given.Service.Log.Events.ShouldAllBe(line => line.Level < Serilog.Events.LogEventLevel.Error);
    }

    private static StringContent Ping() => new("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", System.Text.Encoding.UTF8, "application/json");

    private static string Label(JsonElement record, string name) => record.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string FiguresOf(JsonElement record) => string.Join(' ', new[]
    {
        "offered", "answered", "abandoned", "handled", "answerRate", "abandonRate", "serviceLevel", "serviceLevelTarget", "averageSpeedOfAnswerMs", "averageHandleTimeMs", "longestWaitMs",
    }.Select(name => record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : "null"));

    private Task<SimulatedService> StartAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(_keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey" };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return SimulatedService.StartAsync(settings: settings);
    }

    private Task<Assistant> AsAsync(SimulatedService given, string holder) => Assistant.ConnectAsync(_keys.Of(holder, given.Service));
}
