using System.Security.Cryptography;
using System.Text;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

/// <summary>Documentation and measurements quote simulated figures. Whatever is added to the simulation, they must not change.</summary>
public sealed class PinnedFiguresTests
{
    [Theory]
    [InlineData("\"queueId\",\"mediaType\"", "49CBA3C5D9CAE39FDEFB8B132BCE13351FD49F7CD2881CBC2015152BFE2C0262")]
    [InlineData("\"queueId\",\"mediaType\",\"messageType\",\"originatingDirection\"", "38BA95DCF38F28855956DE691CDA4A37EDC014EFD549B5A43DFDD2B6F8D6023B")]
    public async Task The_figures_of_a_day_are_the_same_bytes_as_ever(string groupBy, string checksum)
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        using var query = new StringContent(
            $$"""{"interval":"2026-01-12T00:00:00.000Z/2026-01-13T00:00:00.000Z","granularity":"PT30M","groupBy":[{{groupBy}}],"metrics":["nOffered","nConnected","nTransferred","nConsult","nOverSla","nError","nOutbound","oServiceLevel","oMessageTurn","tAnswered","tAbandon","tFlowOut","tWait","tAlert","tNotResponding","tHandle","tTalk","tHeldComplete","tAcw","tDialing","tAgentResponseTime"]}""",
            Encoding.UTF8,
            "application/json");

        using var reply = await organization.Client.PostAsync(
            new Uri(SimulatedOrganization.AggregatesPath, UriKind.Relative), query, TestContext.Current.CancellationToken);

        var bytes = await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Convert.ToHexString(SHA256.HashData(bytes)).ShouldBe(checksum);
    }
}
