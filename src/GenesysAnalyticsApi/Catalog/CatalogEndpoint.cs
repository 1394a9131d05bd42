using System.Security.Cryptography;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Catalog;

/// <summary>Serves <c>GET /catalog</c>. The catalog is the same for every caller until the version of the service changes.</summary>
internal static class CatalogEndpoint
{
    private const string CacheControl = "private, max-age=3600";

    private static readonly Lazy<EncodedBody> Body = new(() => new EncodedBody(JsonSerializer.SerializeToUtf8Bytes(CatalogEntries.All, ReadableCatalogJson.Response)));

    private static readonly Lazy<EntityTagHeaderValue> ETag = new(() => new($"\"{Convert.ToHexStringLower(SHA256.HashData(Body.Value.Plain)[..16])}\"", isWeak: true));

    public static void MapCatalog(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/catalog", GetCatalog)
            .RequireScope(CallerScopes.Read)
            .RequireJsonAccepted()
            .WithTags("Catalog")
            .WithName("GetCatalog")
            .WithSummary("Defines every field of GET /aggregates and every metric")
            .WithDescription(
                "The dictionary of figures: each field of a record of GET /aggregates, and each Genesys metric that metric= accepts, with its definition, unit and formula, and "
                + "how to merge its values. It contains no figures, and not the fields of GET /observations and GET /conversations, which the schemas of their responses describe. It is the same "
                + "for every caller.")
            .Produces<CatalogResponse>()
            .WithResponseHeaders(
                new("ETag", "Identifies the catalog. If you send it in If-None-Match and the catalog is unchanged, the response is a 304. The catalog can change with a new version of the service.", "W/\"9a59f81bcd4800b19f38d281fa5c40d5\""),
                new("Cache-Control", "How long the catalog may be cached.", CacheControl),
                RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(
                ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.CallerRateLimited, ProblemType.IdentityUnavailable);

    private static FileContentHttpResult GetCatalog(HttpContext http)
    {
        ParameterRules.ThrowIfInvalid(http.Request.Query, [], []);

        var body = Body.Value;
        var coding = ContentCoding.Best(http.Request.Headers.AcceptEncoding, body.Plain.Length);
        http.Response.Headers.Vary = "Accept, Accept-Encoding, Authorization, X-Api-Key";
        http.Response.Headers.CacheControl = CacheControl;
        if (coding is not null)
        {
            http.Response.Headers.ContentEncoding = coding;
        }

        // Because entityTag is set, the result also handles If-None-Match.
        return TypedResults.Bytes(body.In(coding), "application/json; charset=utf-8", entityTag: ETag.Value);
    }
}
