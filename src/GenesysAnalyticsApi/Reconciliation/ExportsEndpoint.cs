using System.Globalization;
using System.Net.Mime;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>Serves POST /reconciliation/exports.</summary>
internal static class ExportsEndpoint
{
    /// <summary>The name under which the errors member of a problem lists faults in the file.</summary>
    public const string Body = "body";

    private const string Example =
        "Interval Start,Interval End,Media Type,Queue Name,Offer,Answer,Avg Handle\n2026-11-16T00:00,2026-11-17T00:00,voice,Customer Service,877,787,161052\n";

    public static void MapExports(this IEndpointRouteBuilder group) => group.MapPost("/exports", CompareExport)
        .RequireScope(CallerScopes.Read)
        .WithName("CompareExport")
        .WithSummary("Compares an export from the Genesys UI with GET /aggregates, value by value")
        .WithDescription(
            "The body is a CSV file that a person exported in English from the performance view of queues in Genesys Cloud. Its fields are separated by commas, semicolons or tabs. "
            + "Durations are in milliseconds, in the unit that the header names, or in h:mm:ss. Columns are found by their headers. The response lists the columns and rows that are not compared. Two values are equal if they differ by less "
            + "than one unit of the last digit that the export shows.")
        .WithParameters(ExportParameters.Metadata)
        .WithMetadata(new TextBodyMetadata(MediaTypeNames.Text.Csv, "The exported file.", Example))
        // The table format is not declared, because client generators read text/plain as JSON and would find two schemas for one response.
        .Produces<ExportResponse>()
        .WithProblems(ProblemType.UnsupportedMediaType);

    private static async Task<IResult> CompareExport(
        [AsParameters] ExportParameters parameters, HttpContext http, ExportReconciliation reconciliation, IOptions<RequestLimitsOptions> limits, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var format = ResponseFormat.Of(parameters.Format, http.Request.Headers.Accept, ExportParameters.Formats);
        var (errors, settings) = parameters.Check(Instant.FromDateTimeOffset(clock.GetUtcNow()));
        ParameterRules.ThrowIfInvalid(http.Request.Query, ExportParameters.Names, [], errors);
        // A file in UTF-16 is recognized by its byte order mark.
        RequestBody.Require(http.Request, MediaTypeNames.Text.Csv, "utf-8", "utf-16");
        using var body = await RequestBody.ReadAsync(http.Request, limits.Value.BodyBytes);
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var compared = await reconciliation.CompareAsync(ExportReader.Read(body.GetBuffer().AsSpan(0, (int)body.Length), settings), settings, http.Caller(), cancellationToken);
            var limit = parameters.Limit is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : ReconciliationParameters.DefaultLimit;
            var response = ExportReport.Of(compared, showsAll: parameters.Only == "all", limit);
            return format == ResponseFormat.Table
                ? Results.Text(ExportTable.Of(response, settings.Zone), ResponseFormat.Table.ContentType)
                : new BufferedJsonResult<ExportResponse>(response, ExportJson.Readable.ExportResponse);
        }
        catch (UnreadableExportException unreadable)
        {
            throw new ProblemException(ProblemFactory.InvalidRequest(new Dictionary<string, string[]> { [unreadable.Parameter ?? Body] = [.. unreadable.Faults] }));
        }
    }
}
