using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Every fault that the listing of queues can meet: figures need no names, so they are all there, and a warning says what is not.</summary>
public sealed class ListingFaultTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    private const string NoNames = "queue-directory-unavailable";

    /// <summary>"Legacy Hotline" was deleted before the service ever saw it.</summary>
    private const string Names = "queue-name-unknown";

    /// <summary>
    /// Fault, warning where it is met once, warning where it is met for ever. A token that is revoked again and again is not here:
    /// it is the one that the figures are asked for with.
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
    public async Task A_fault_of_the_listing_costs_names_and_no_figures(string fault, string once, string forEver)
    {
        var first = await organization.AskAsync(FaultyOrganization.Question, new SimulatorFault(fault, null, 1, FaultyOrganization.Queues));
        var always = await organization.AskAsync(FaultyOrganization.Question, new SimulatorFault(fault, null, null, FaultyOrganization.Queues));

        (first.Outcome, always.Outcome).ShouldBe(("right", "right"));
        first.Body.Warnings().ShouldHaveSingleItem().ShouldBeOneOf(once.Split('|'));
        always.Body.Warnings().ShouldHaveSingleItem().ShouldBeOneOf(forEver.Split('|'));
    }

    [Fact]
    public async Task A_pause_of_an_hour_that_the_listing_is_told_holds_for_everybody()
    {
        var refused = await organization.AskAsync(
            FaultyOrganization.Question, new SimulatorFault(FaultNames.RateLimitHours, "3600", null, FaultyOrganization.Queues));

        // What was on its way already may still have come through.
        refused.Outcome.ShouldBeOneOf("genesys-rate-limited", "right", "partial");
    }

    [Theory]
    [InlineData("queue=Billing*")]
    [InlineData("groupBy=divisionId")]
    [InlineData("divisionId=d0000000-0000-4000-8000-000000000001")]
    public async Task What_cannot_be_found_without_the_listing_is_refused_rather_than_guessed(string asked)
    {
        var refused = await organization.AskAsync(
            $"{FaultyOrganization.Question}&groupBy=none",
            new SimulatorFault(FaultNames.Unavailable, null, null, FaultyOrganization.Queues));
        refused.Outcome.ShouldBe("right");

        organization.Simulator.Faults.Add(FaultNames.Unavailable, null, null, FaultyOrganization.Queues);
        using var service = organization.Service();
        await service.AskForProblemAsync($"{FaultyOrganization.Question}&{asked}", 503, "genesys-unavailable");
        organization.Simulator.Faults.Clear();
    }
}
