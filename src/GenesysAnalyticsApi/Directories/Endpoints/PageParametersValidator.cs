using System.Globalization;
using FluentValidation;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Text;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>Checks all parameters of a request for a list, and reports every error under the wire name of the parameter.</summary>
internal abstract class PageParametersValidator<T> : AbstractValidator<T>
    where T : IPageParameters
{
    /// <param name="nameFault">The end of the message about an invalid name.</param>
    /// <param name="filters">For messages, the names of the parameters that must have the same values for each page.</param>
    protected PageParametersValidator(string nameFault, string filters)
    {
        RuleFor(parameters => parameters.Name).Must("name", Is(name => NameFolding.Folded(name).Length > 0, nameFault));
        RuleFor(parameters => parameters.Limit).Must("limit", Number(1, PageQuery.MaxPageSize));
        RuleFor(parameters => parameters.Cursor).Cascade(CascadeMode.Stop)
            .Must("cursor", Is(cursor => PageCursor.TryRead(cursor, out _), "is not a cursor. Pass nextCursor of the previous page unchanged."))
            .Must((parameters, cursor) => cursor is null || PageQuery.Continues(parameters, cursor))
            .WithMessage(parameters => $"'{InputExcerpt.Of(parameters.Cursor!)}' belongs to a query with a different {filters}. Pass a cursor with the same filters as the query that returned it.");
    }

    /// <summary>Returns the errors by wire name; empty if all parameters are valid.</summary>
    public IReadOnlyDictionary<string, string[]> ErrorsOf(T parameters) => Validate(parameters).ByName();
}

/// <summary>The metadata of the parameters that all lists share.</summary>
internal static class PageParameters
{
    public static readonly ParameterMetadata Limit = new("20")
    {
        Range = (1, PageQuery.MaxPageSize),
        Default = PageQuery.DefaultPageSize.ToString(CultureInfo.InvariantCulture),
    };

    public static readonly ParameterMetadata Cursor = new("YTkxODIxN2NkZmNmZTVjYiAwNWYxYzI4NS02Nzc3LTRjY2MtODA2Zi04ZGIwODVhZTA3OTMgQmlsbGluZyBERQ");
}
