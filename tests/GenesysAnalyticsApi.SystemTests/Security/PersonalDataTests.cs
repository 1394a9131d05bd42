using System.Net;
using System.Text;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>Plants names of users, and checks that they reach only the responses to callers with the scope for them.</summary>
public sealed class PersonalDataTests
{
    private const string Person = "Plantedperson";
    private const string Ada = "a0000000-0000-4000-8000-000000000001";

    private static readonly IssuedKeys Keys = new IssuedKeys()
        .Add("reader")
        .Add("operator", ("Scopes:0", "read"), ("Scopes:1", "operator"))
        .Add("limited", ("Scopes:0", "agents"), ("Queues:0", "Billing"))
        .Add("supervisor", ("Scopes:0", "read"), ("Scopes:1", "agents"));

    private readonly FakeGenesysServer _genesys = new()
    {
        Users = [new(Ada, $"{Person} A", "active"), new(Person, $"{Person} B", "inactive"), new("x", $"{Person} \ud800", "on holiday"), new($"a {Person}", Person, "active")],
    };

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Names_of_users_reach_no_log_no_trace_no_metric_and_no_other_caller(bool fails)
    {
        using var trace = new RecordedTrace();
        using var service = Service();
        var others = new StringBuilder();

        (await ReadAsync(service, trace, "supervisor", "/users")).ShouldContain($"{Person} A");
        if (fails)
        {
            _genesys.FailsToList = _ => new HttpResponseMessage(HttpStatusCode.BadRequest)
            {
                Content = new StringContent("""{"message":"no","code":"bad.request"}""", Encoding.UTF8, "application/json"),
            };
            var directory = service.Services.GetRequiredService<UserDirectory>();
            await Should.ThrowAsync<GenesysAnalyticsApi.Genesys.Failures.GenesysException>(directory.RefreshAsync(TestCancellation));
        }

        foreach (var path in Paths())
        {
            await ReadAsync(service, trace, "supervisor", path);
            foreach (var holder in new[] { "reader", "operator", "limited" })
            {
                // The test cannot distinguish what a caller sends from what the service knows, so these callers send another name.
                others.AppendLine(await ReadAsync(service, trace, holder, path.Replace(Person, "Someone", StringComparison.Ordinal)));
            }
        }

        others.AppendLine(await ReadAsync(service, trace, "operator", "/metrics"));
        others.AppendLine(await ReadAsync(service, trace, "operator", "/health/ready"));
        ShouldHaveNoName(others.ToString(), "responses to others");
        ShouldHaveNoName(service.Log.AsText(), "the readable log");
        ShouldHaveNoName(service.Log.AsJson(), "the JSON log");
        ShouldHaveNoName(string.Join('\n', trace.Spans.SelectMany(span => span.TagObjects.Select(tag => $"{span.DisplayName} {tag.Key}={tag.Value}"))), "traces");
        service.Log.AsText().ShouldContain("/users?name=***");
    }

    private static IEnumerable<string> Paths()
    {
        // The cursor contains the name of the last user of the page.
        var cursor = new GenesysAnalyticsApi.Directories.Endpoints.PageCursor(0, Person, Ada).Write();
        yield return "/users";
        yield return "/users?limit=1";
        yield return $"/users/{Ada}";
        yield return $"/users?name={Person}*";
        yield return $"/users?n%61me={Person}*&active=true";
        yield return $"/users?limit=0&name={Person}";
        yield return $"/users?name={Person}&cursor={cursor}";
        yield return $"/aggregates?last=PT1H&user={Person}*";
    }

    private static async Task<string> ReadAsync(RunningService service, RecordedTrace trace, string holder, string path)
    {
        using var client = Keys.Of(holder, service);
        using var request = trace.Request(path);
        using var response = await client.SendAsync(request, TestCancellation);
        response.StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError);
        return $"{response.Headers} {await response.Content.ReadAsStringAsync(TestCancellation)}";
    }

    private RunningService Service() => new()
    {
        Upstream = _genesys.Upstream(),
        Settings = new(Keys.Settings)
        {
            ["Auth:AllowAnonymous"] = "false",
            ["Auth:Metrics"] = "Operators",
            ["Serilog:MinimumLevel:Default"] = "Verbose",
            ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore"] = "Verbose",
            ["Serilog:MinimumLevel:Override:System.Net.Http.HttpClient"] = "Verbose",
        },
    };

    private static void ShouldHaveNoName(string text, string where)
    {
        foreach (var planted in new[] { Person, FakeGenesysServer.PlantedEmail, Convert.ToBase64String(Encoding.UTF8.GetBytes(Person))[..12] })
        {
            var at = text.IndexOf(planted, StringComparison.OrdinalIgnoreCase);
            (at < 0).ShouldBeTrue(at < 0 ? "" : $"In {where}: …{text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 60)]}");
        }
    }
}
