using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Every fault that a login can meet: it is repeated where that can help, and tells whose credentials are at fault where not.</summary>
public sealed class LoginFaultTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    /// <summary>Fault, answer where it is met once, answer where it is met for ever.</summary>
    public static readonly TheoryData<string, string, string> Table = new()
    {
        { FaultNames.TokenThrottled, "right", "genesys-rate-limited" },
        { FaultNames.TokenError, "right", "genesys-unavailable" },
        { FaultNames.RateLimitSeconds, "right", "genesys-rate-limited" },
        { FaultNames.RateLimitDate, "right", "genesys-rate-limited" },
        { FaultNames.RateLimitHours, "genesys-rate-limited", "genesys-rate-limited" }, // Nobody asks for an hour
        { FaultNames.RateLimitBare, "right", "genesys-rate-limited" },
        { FaultNames.RevokedToken, "right|genesys-refused", "genesys-refused" }, // The listing's login may have met it
        { FaultNames.MissingPermission, "right|genesys-refused", "genesys-refused" },
        { FaultNames.ServerError, "right", "genesys-unavailable" },
        { FaultNames.BadGatewayHtml, "right", "genesys-unavailable" },
        { FaultNames.Unavailable, "right", "genesys-unavailable" },
        { FaultNames.UnavailableAfter, "right", "genesys-unavailable" },
        { FaultNames.GatewayTimeout, "right", "genesys-unavailable" },
        { FaultNames.Redirect, "right|genesys-refused", "genesys-refused" },
        { FaultNames.Slow, "right", "right" },
        { FaultNames.Hang, "right", "genesys-timeout|genesys-unavailable" },
        { FaultNames.CutBody, "right", "genesys-unavailable|genesys-refused" },
        { FaultNames.CutChunks, "right", "genesys-unavailable|genesys-refused" },
        { FaultNames.HtmlAnswer, "right", "genesys-refused" },
        { FaultNames.TruncatedJson, "right", "genesys-refused" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_fault_of_the_login_never_makes_a_wrong_number(string fault, string once, string forEver)
    {
        var first = await organization.AskAsync(FaultyOrganization.Question, new SimulatorFault(fault, null, 1, FaultyOrganization.Token));
        var always = await organization.AskAsync(FaultyOrganization.Question, new SimulatorFault(fault, null, null, FaultyOrganization.Token));

        first.Outcome.ShouldBeOneOf(once.Split('|'));
        always.Outcome.ShouldBeOneOf(forEver.Split('|'));
    }
}
