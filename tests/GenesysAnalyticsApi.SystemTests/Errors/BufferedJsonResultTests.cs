using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>Values that JSON cannot represent are detected before the first byte is sent: a response is complete, or it is a problem.</summary>
public sealed class BufferedJsonResultTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// The previous queue is already written when the writer fails. Without a buffer, the caller would get half a response with status 200, followed by a
    /// problem.
    /// </summary>
    [Theory]
    [InlineData("/queues")]
    [InlineData("/queues/00000000-0000-4000-8000-000000000002")]
    public async Task A_number_that_JSON_cannot_represent_is_a_problem_instead_of_half_a_response(string path)
    {
        var genesys = ScriptedQueues.Listing([QueueBuilder.Listed(1, "A"), QueueBuilder.Listed(2, "B") with
        {
            ServiceLevels = new Dictionary<string, QueueServiceLevel> { ["voice"] = new(double.PositiveInfinity, 1) },
        }]);
        using var service = new RunningService { Replace = services => services.Replace(ServiceDescriptor.Singleton<IGenesysGateway>(genesys)) };
        service.UseKestrel();
        using var client = service.CreateClient();

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        var text = await response.Content.ReadAsStringAsync(TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonNode.Parse(text)!["type"]!.GetValue<string>().ShouldBe("/problems/internal");
        response.Content.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(text));
    }

    [Fact]
    public async Task A_problem_omits_an_extension_that_cannot_be_serialized()
    {
        using var service = new RunningService
        {
            Map = app => app.Run(_ => throw new GenesysAnalyticsApi.Errors.ProblemException(
                new("overloaded", 503, "Too much.", "Detail") { Extensions = new Dictionary<string, object?> { ["limit"] = double.NaN } })),
        };
        using var client = service.CreateClient();

        using var response = await client.GetAsync(new Uri("/nowhere-else", UriKind.Relative), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestCancellation))!;
        (problem["type"]!.GetValue<string>(), problem["status"]!.GetValue<int>()).ShouldBe(("/problems/overloaded", 503));
    }
}
