using System.ComponentModel;
using System.Globalization;
using FluentValidation;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Mvc;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Queues;

/// <summary>The parameters of <c>GET /queues</c> as unchecked text.</summary>
internal sealed record QueuesParameters
{
    public static readonly IReadOnlyList<string> Names = ["name", "divisionId", "limit", "cursor"];

    /// <summary>The names of the parameters that may be repeated.</summary>
    public static readonly IReadOnlyList<string> Lists = ["divisionId"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Facts = new Dictionary<string, ParameterMetadata>(StringComparer.Ordinal)
    {
        ["name"] = new("Billing*"),
        ["divisionId"] = new("2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11") { Format = "uuid" },
        ["limit"] = new("20")
        {
            Range = (1, QueuesQuery.MaxPageSize),
            Default = QueuesQuery.DefaultPageSize.ToString(CultureInfo.InvariantCulture),
        },
        ["cursor"] = new("YTkxODIxN2NkZmNmZTVjYiAwNWYxYzI4NS02Nzc3LTRjY2MtODA2Zi04ZGIwODVhZTA3OTMgQmlsbGluZyBERQ"),
    };

    [FromQuery(Name = "name")]
    [Description("Only queues with this name; * stands for any letters. Case and white space around the name do not matter.")]
    public string? Name { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of this division (a GUID); repeat it for more divisions.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "limit")]
    [Description("Queues on one page.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the page before, with the same name and divisionId as there.")]
    public string? Cursor { get; init; }
}

/// <summary>Checks all parameters and reports every error under its wire name.</summary>
internal sealed class QueuesParametersValidator : AbstractValidator<QueuesParameters>
{
    public QueuesParametersValidator()
    {
        RuleFor(parameters => parameters.Name).Must("name", Is(name => NameComparison.Folded(name).Length > 0, "is not a queue's name or a pattern of it, such as Billing*."));
        this.MustEach("divisionId", parameters => parameters.DivisionId ?? [], Is(GenesysId.Is, "is not a division's id (a GUID)."));
        RuleFor(parameters => parameters.Limit).Must("limit", Number("a whole number", 1, QueuesQuery.MaxPageSize));
        RuleFor(parameters => parameters.Cursor).Cascade(CascadeMode.Stop)
            .Must("cursor", Is(cursor => QueuesCursor.TryRead(cursor, out _), "is not a cursor; take nextCursor of the page before as it is."))
            .Must((parameters, cursor) => cursor is null || QueuesQuery.Continues(parameters, cursor))
            .WithMessage(parameters => $"'{InputExcerpt.Of(parameters.Cursor!)}' belongs to another name or divisionId; a cursor continues the query that returned it.");
    }

    /// <summary>The errors by wire name; empty if all parameters are valid.</summary>
    public IReadOnlyDictionary<string, string[]> Find(QueuesParameters parameters) => Validate(parameters).ByName();
}
