using System.ComponentModel;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>The parameters of <c>GET /users</c> as unchecked text.</summary>
internal sealed record UsersParameters : IPageParameters
{
    public static readonly IReadOnlyList<string> ParameterNames = ["name", "active", "limit", "cursor"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Metadata = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["name"] = new("*Schmidt"),
        ["active"] = new("true") { Values = ParameterRules.SwitchValues },
        ["limit"] = PageParameters.Limit,
        ["cursor"] = PageParameters.Cursor,
    };

    [FromQuery(Name = "name")]
    [Description("Only users with this name; * stands for any characters. Case does not matter, nor does white space around the name.")]
    public string? Name { get; init; }

    [FromQuery(Name = "active")]
    [Description("true: only active users; false: only inactive and deleted ones.")]
    public string? Active { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The number of users on a page.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page. Give the same name and active as for that page.")]
    public string? Cursor { get; init; }

    string IPageParameters.OtherFilters => $"active={Active}";
}

internal sealed class UsersParametersValidator : PageParametersValidator<UsersParameters>
{
    public UsersParametersValidator()
        : base("is not a user's name or a pattern for names, such as *Schmidt.", "name or active") =>
        RuleFor(parameters => parameters.Active).Must("active", ParameterRules.Switch);
}
