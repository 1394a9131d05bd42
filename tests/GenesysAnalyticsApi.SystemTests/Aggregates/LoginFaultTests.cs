using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Injects every fault of a login. The service repeats the login if that can help; otherwise the response names the cause.</summary>
public sealed class LoginFaultTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    /// <summary>Fault, outcome if it occurs once, outcome if it is permanent.</summary>
    public static readonly TheoryData<string, string, string> Table = new()
    {
        { FaultNames.TokenThrottled, "right", "genesys-rate-limited" },
        { FaultNames.TokenError, "right", "genesys-unavailable" },
        { FaultNames.RateLimitSeconds, "right", "genesys-rate-limited" },
        { FaultNames.RateLimitDate, "right", "genesys-rate-limited" },
        { FaultNames.RateLimitHours, "genesys-rate-limited", "genesys-rate-limited" }, // No request is sent for an hour
        { FaultNames.RateLimitBare, "right", "genesys-rate-limited" },
        { FaultNames.RevokedToken, "right|genesys-refused", "genesys-refused" }, // The login for the queue listing may have met the fault
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
    public async Task A_login_fault_never_causes_a_wrong_figure(string fault, string once, string permanent)
    {
        var first = await organization.QueryAsync(FaultyOrganization.Query, new SimulatorFault(fault, null, 1, FaultyOrganization.Token));
        var always = await organization.QueryAsync(FaultyOrganization.Query, new SimulatorFault(fault, null, null, FaultyOrganization.Token));

        first.Outcome.ShouldBeOneOf(once.Split('|'));
        always.Outcome.ShouldBeOneOf(permanent.Split('|'));
    }
}
