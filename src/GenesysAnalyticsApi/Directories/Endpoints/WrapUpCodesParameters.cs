using System.ComponentModel;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>The parameters of <c>GET /wrapup-codes</c> as unchecked text.</summary>
internal sealed record WrapUpCodesParameters : IPageParameters
{
    public static readonly IReadOnlyList<string> ParameterNames = ["name", "limit", "cursor"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Metadata = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["name"] = new("Sale*"),
        ["limit"] = PageParameters.Limit,
        ["cursor"] = PageParameters.Cursor,
    };

    [FromQuery(Name = "name")]
    [Description("Only codes with this name; * stands for any characters. Case does not matter, nor does white space around the name.")]
    public string? Name { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The number of codes on a page.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page. Give the same name as for that page.")]
    public string? Cursor { get; init; }

    // Not empty: a cursor of GET /queues has no other filters if no division is given, and this endpoint must reject such a cursor.
    string IPageParameters.OtherFilters => "codes";
}

internal sealed class WrapUpCodesParametersValidator() : PageParametersValidator<WrapUpCodesParameters>("is neither the name of a wrap-up code nor a pattern for names, such as Sale*.", "name");
