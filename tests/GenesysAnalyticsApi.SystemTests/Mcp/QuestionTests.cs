using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Mcp.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Mcp;

/// <summary>
/// Questions that people ask, from <c>Data/assistant-questions.json</c>. Each has the one or two tool calls that the descriptions of the tools suggest, and
/// the answer must equal what the HTTP API returns.
/// </summary>
public sealed partial class QuestionTests
{
    [Fact]
    public async Task Thirty_questions_are_answered_with_at_most_two_calls()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Auth:AllowAnonymous"] = "true", ["Auth:AnonymousScopes"] = "read, details, agents" });
        await using var assistant = await Assistant.ConnectAsync(given.Service.CreateClient());
        var tools = (await assistant.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).ToDictionary(tool => tool.Name);
        var questions = JsonSerializer.Deserialize<Question[]>(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data/assistant-questions.json"), TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;
        questions.Length.ShouldBe(30);
        questions.Select(question => question.Text).ShouldBeUnique();

        foreach (var question in questions)
        {
            question.Calls.Length.ShouldBeInRange(1, 2, question.Text);
            JsonElement? answer = null;
            foreach (var call in question.Calls)
            {
                var arguments = JsonSerializer.Deserialize<JsonElement>(Filled(call.Arguments.GetRawText(), answer));
                arguments.EnumerateObject().Select(argument => argument.Name)
                    .ShouldBeSubsetOf(tools[call.Tool].JsonSchema.GetProperty("properties").EnumerateObject().Select(parameter => parameter.Name));
                var first = answer;
                answer = await assistant.ReadAsync(call.Tool, arguments);
                if (call == question.Calls[^1])
                {
                    var expected = await given.QueryAsync(Filled(question.Query, first));
                    At(answer.Value, question.Answer).ShouldBe(At(expected, question.Path), $"{question.Text}\n{answer.Value.GetRawText()}");
                    At(answer.Value, question.Answer).ShouldNotBeNullOrEmpty(question.Text);
                }
            }
        }
    }

    /// <summary>Replaces each path in braces with the value that the first call returned there.</summary>
    private static string Filled(string text, JsonElement? first) => first is { } known ? PathInBraces().Replace(text, match => At(known, match.Groups[1].Value)) : text;

    /// <param name="path">Names, indexes, <c>#</c> for a length and <c>[name=value]</c> for an item, separated by dots.</param>
    private static string At(JsonElement element, string path)
    {
        foreach (var step in path.Split('.'))
        {
            if (step == "#")
            {
                return element.GetArrayLength().ToString(CultureInfo.InvariantCulture);
            }

            element = step is ['[', .. var condition, ']'] ? element.EnumerateArray().Single(item => item.GetProperty(condition.Split('=')[0]).GetString() == condition.Split('=')[1])
                : int.TryParse(step, CultureInfo.InvariantCulture, out var index) ? element[index]
                : MemberOf(element, step, path);
        }

        return element.ValueKind == JsonValueKind.Number ? element.GetDouble().ToString("R", CultureInfo.InvariantCulture) : element.ToString();
    }

    private static JsonElement MemberOf(JsonElement element, string name, string path)
    {
        element.TryGetProperty(name, out var member).ShouldBeTrue($"{path}: {element}");
        return member;
    }

    [GeneratedRegex(@"\{(rows[^}]*)\}")]
    private static partial Regex PathInBraces();

    private sealed record Question([property: System.Text.Json.Serialization.JsonPropertyName("question")] string Text, Call[] Calls, string Answer, string Query, string Path);

    private sealed record Call(string Tool, JsonElement Arguments);
}
