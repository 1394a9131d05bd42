using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Injects every fault of the queue listing. Figures need no names, so they are all present, and a warning says what is missing.</summary>
public sealed class ListingFaultTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    private const string NoNames = "queue-directory-unavailable";

    /// <summary>"Legacy Hotline" was deleted before the service first read the listing.</summary>
    private const string Names = "queue-name-unknown";

    /// <summary>
    /// The fault, the warning if the fault occurs once, and the warning if the fault is permanent. A vertical bar separates alternative warnings. A token that
    /// is revoked repeatedly is not included, because the figures are requested with the same token.
    /// </summary>
    public static readonly TheoryData<string, string, string> Table = new()
    {
        { FaultNames.RepeatedPage, Names, Names },
        { FaultNames.EmptyPage, Names, Names },
        { FaultNames.WrongPageCount, Names, Names },
        { FaultNames.ForeignNextUri, Names, Names },
        { FaultNames.RateLimitSeconds, Names, NoNames },
        { FaultNames.RateLimitDate, Names, NoNames },
        { FaultNames.RateLimitBare, Names, NoNames },
        { FaultNames.MissingPermission, $"{NoNames}|{Names}", NoNames },
        { FaultNames.ServerError, Names, NoNames },
        { FaultNames.BadGatewayHtml, Names, NoNames },
        { FaultNames.Unavailable, Names, NoNames },
        { FaultNames.UnavailableAfter, Names, NoNames },
        { FaultNames.GatewayTimeout, Names, NoNames },
        { FaultNames.Redirect, $"{NoNames}|{Names}", NoNames },
        { FaultNames.Slow, Names, Names },
        { FaultNames.Hang, Names, NoNames },
        { FaultNames.CutBody, Names, NoNames },
        { FaultNames.CutChunks, Names, NoNames },
        { FaultNames.HtmlAnswer, Names, NoNames },
        { FaultNames.TruncatedJson, Names, NoNames },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_listing_fault_removes_names_but_no_figures(string fault, string once, string permanent)
    {
        var first = await organization.QueryAsync(FaultyOrganization.Query, new SimulatorFault(fault, null, 1, FaultyOrganization.Queues));
        var always = await organization.QueryAsync(FaultyOrganization.Query, new SimulatorFault(fault, null, null, FaultyOrganization.Queues));

        (first.Outcome, always.Outcome).ShouldBe(("right", "right"));
        first.Body.Warnings().ShouldHaveSingleItem().ShouldBeOneOf(once.Split('|'));
        always.Body.Warnings().ShouldHaveSingleItem().ShouldBeOneOf(permanent.Split('|'));
    }

    [Fact]
    public async Task A_Retry_After_of_an_hour_for_the_listing_applies_to_every_request()
    {
        organization.Simulator.Faults.Set([new SimulatorFault(FaultNames.RateLimitHours, "3600", null, FaultyOrganization.Queues)]);
        try
        {
            using var service = organization.Service();

            // This query waits for the listing. The next one does not need it.
            await service.QueryProblemAsync($"{FaultyOrganization.Query}&queue=Billing*", 503, "genesys-rate-limited");
            organization.Simulator.ClearCalls();
            await service.QueryProblemAsync(FaultyOrganization.Query, 503, "genesys-rate-limited");

            organization.Simulator.Calls.ShouldNotContain(call => call.Path.StartsWith("/api/", StringComparison.Ordinal));
        }
        finally
        {
            organization.Simulator.Faults.Clear();
        }
    }

    [Theory]
    [InlineData("queue=Billing*")]
    [InlineData("groupBy=divisionId")]
    [InlineData("divisionId=d0000000-0000-4000-8000-000000000001")]
    public async Task A_query_that_needs_the_listing_is_rejected_while_it_is_unavailable(string parameter)
    {
        var withoutNames = await organization.QueryAsync(
            $"{FaultyOrganization.Query}&groupBy=none",
            new SimulatorFault(FaultNames.Unavailable, null, null, FaultyOrganization.Queues));
        withoutNames.Outcome.ShouldBe("right");

        organization.Simulator.Faults.Add(FaultNames.Unavailable, null, null, FaultyOrganization.Queues);
        using var service = organization.Service();
        await service.QueryProblemAsync($"{FaultyOrganization.Query}&{parameter}", 503, "genesys-unavailable");
        organization.Simulator.Faults.Clear();
    }
}
