using System.Net;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>The queue directory was never read: neither the names nor the divisions of queues are known.</summary>
public sealed class DirectoryNotReadTests
{
    private const string Id = "05f1c285-6777-4ccc-806f-8db085ae0793";

    [Theory]
    [InlineData("by-name", "/queues", 503, "genesys-unavailable")]
    [InlineData("by-name", "/queues/" + Id, 503, "genesys-unavailable")]
    [InlineData("by-name", "/aggregates?last=PT1H", 503, "genesys-unavailable")]
    [InlineData("by-name", "/aggregates?last=PT1H&queueId=" + Id, 503, "genesys-unavailable")]
    [InlineData("by-name", "/aggregates?last=PT1H&explain=true", 503, "genesys-unavailable")]
    [InlineData("by-division", "/aggregates?last=PT1H", 503, "genesys-unavailable")]
    [InlineData("by-id", "/aggregates?last=PT1H", 200, "")]
    [InlineData("by-id", "/aggregates?last=PT1H&queueId=" + Id, 200, "")]
    [InlineData("by-id", "/aggregates?last=PT1H&queueId=00000000-1111-2222-3333-444444444444", 404, "unknown-queue")]
    [InlineData("all", "/queues", 502, "genesys-refused")]
    [InlineData("all", "/aggregates?last=PT1H", 200, "")]
    public async Task A_key_limited_by_name_or_division_gets_no_data_until_the_directory_is_read(string holder, string path, int status, string type)
    {
        var keys = new IssuedKeys().Add("all").Add("by-id", ("Queues:0", Id)).Add("by-name", ("Queues:0", "*")).Add("by-division", ("Divisions:0", Id));
        await using var service = await SimulatedService.StartAsync(
            settings: keys.Settings, faults: new SimulatorFault(FaultNames.MissingPermission, null, null, FaultyOrganization.Queues));
        using var client = keys.Of(holder, service.Service);

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe((HttpStatusCode)status, body);
        body.ShouldContain($"\"{(type.Length > 0 ? "/problems/" + type : "records")}\"");
    }
}
