using System.Security.Cryptography;
using System.Text;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

/// <summary>Documentation and measurements quote simulated figures. Whatever is added to the simulation, they must not change.</summary>
public sealed class PinnedFiguresTests
{
    [Theory]
    [InlineData("\"queueId\",\"mediaType\"", "7EB5E67EB84105660FD398AAF6D609D68425069386151824235F6C4756A84305")]
    [InlineData("\"queueId\",\"mediaType\",\"messageType\",\"originatingDirection\"", "3D8343B9E96595F0FDD06D29B2C3C16FD578568585F1D039C4551A9D21E38A9E")]
    public async Task The_figures_of_a_day_have_the_pinned_checksum(string groupBy, string checksum)
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
