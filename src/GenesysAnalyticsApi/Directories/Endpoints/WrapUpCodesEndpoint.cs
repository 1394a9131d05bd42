using System.ComponentModel;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>Serves <c>GET /wrapup-codes</c> and <c>GET /wrapup-codes/{id}</c> from the directory of wrap-up codes.</summary>
internal static class WrapUpCodesEndpoint
{
    private const string OwnCodes =
        "Genesys does not list its own codes, such as ININ-WRAP-UP-TIMEOUT, so they have no name and GET /wrapup-codes/{id} returns 404.";

    public static IEndpointRouteBuilder MapWrapUpCodes(this IEndpointRouteBuilder routes)
    {
        var codes = routes.MapDirectory("/wrapup-codes", "Wrap-up codes", CallerScopes.Read);

        codes.MapGet("", ListWrapUpCodes)
            .WithName("ListWrapUpCodes")
            .WithSummary("Lists the wrap-up codes")
            .WithDescription(
                "All known wrap-up codes, sorted by name and then id. The service reads the list from Genesys at the first request. A request more than five "
                + "minutes later returns the known list and starts a refresh in the background. Codes that Genesys no longer lists are included with their last "
                + "known name and listed=false. " + OwnCodes)
            .WithParameters(WrapUpCodesParameters.Metadata)
            .Produces<WrapUpCodesResponse>();

        codes.MapGet("{id}", GetWrapUpCode)
            .WithName("GetWrapUpCode")
            .WithSummary("Shows one wrap-up code")
            .WithDescription("The wrap-up code with this id, even if Genesys no longer lists it. " + OwnCodes)
            .WithParameters(new Dictionary<string, ParameterMetadata> { ["id"] = new("3e0d2f6a-8b7c-4d52-9a37-5b1f0c2d4e68") })
            .Produces<WrapUpCodeRecord>()
            .WithProblems(ProblemType.UnknownWrapUpCode);

        return routes;
    }

    private static async Task<IResult> ListWrapUpCodes(
        [AsParameters] WrapUpCodesParameters parameters,
        HttpRequest request,
        WrapUpCodesParametersValidator validator,
        WrapUpCodeDirectory directory,
        CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, WrapUpCodesParameters.ParameterNames, [], validator.ErrorsOf(parameters));

        var snapshot = await directory.GetAsync(cancellationToken);
        var (codes, next) = new PageQuery(parameters).PageOf(snapshot.Entries, _ => true);
        var response = new WrapUpCodesResponse { Records = [.. codes.Select(WrapUpCodeRecord.From)], NextCursor = next };
        return new BufferedJsonResult<WrapUpCodesResponse>(response, WrapUpCodesJson.Default.WrapUpCodesResponse);
    }

    private static async Task<IResult> GetWrapUpCode(
        [Description("The code's id, as GET /wrapup-codes lists it.")] string id,
        HttpRequest request,
        WrapUpCodeDirectory directory,
        CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, [], []);

        var snapshot = await directory.GetAsync(cancellationToken);
        return snapshot.Find(id) is { } code
            ? new BufferedJsonResult<WrapUpCodeRecord>(WrapUpCodeRecord.From(code), WrapUpCodesJson.Default.WrapUpCodeRecord)
            : throw new ProblemException(ProblemFactory.UnknownWrapUpCodeId(id));
    }
}
