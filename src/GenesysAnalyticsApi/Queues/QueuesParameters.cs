using System.ComponentModel;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Mvc;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Queues;

/// <summary>The parameters of <c>GET /queues</c> as unchecked text.</summary>
internal sealed record QueuesParameters : IPageParameters
{
    public static readonly IReadOnlyList<string> ParameterNames = ["name", "divisionId", "limit", "cursor"];

    /// <summary>The names of the parameters that may be repeated.</summary>
    public static readonly IReadOnlyList<string> RepeatableNames = ["divisionId"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Metadata = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["name"] = new("Billing*"),
        ["divisionId"] = new("2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11") { Format = "uuid" },
        ["limit"] = PageParameters.Limit,
        ["cursor"] = PageParameters.Cursor,
    };

    [FromQuery(Name = "name")]
    [Description("Only queues with this name; * stands for any characters. Case does not matter, nor does white space around the name.")]
    public string? Name { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of this division (a GUID); repeat the parameter for more divisions.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The number of queues on a page.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page. Give the same name and divisionId as for that page.")]
    public string? Cursor { get; init; }

    /// <summary>The division ids in canonical form, distinct and sorted; empty for all divisions.</summary>
    public IReadOnlyList<string> DivisionIds =>
        [.. (DivisionId ?? []).Select(GenesysId.Canonical).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    string IPageParameters.OtherFilters => string.Join(',', DivisionIds);
}

/// <summary>Checks all parameters, and reports every error under the wire name of the parameter.</summary>
internal sealed class QueuesParametersValidator : PageParametersValidator<QueuesParameters>
{
    public QueuesParametersValidator()
        : base("is not a queue's name or a pattern for names, such as Billing*.", "name or divisionId") =>
        this.MustEach("divisionId", parameters => parameters.DivisionId ?? [], Is(GenesysId.Is, "is not a division's id (a GUID)."));
}
