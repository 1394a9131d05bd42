using FluentValidation;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Text;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Observations.Request;

/// <summary>Checks groupBy, which has other values than in GET /aggregates. <see cref="AggregatesParametersValidator"/> checks all other parameters.</summary>
internal sealed class ObservationsParametersValidator : AbstractValidator<ObservationsParameters>
{
    private static readonly Synonyms GroupingSynonyms = new(
        ("queue", "queueId queues queueIds queueName"), ("mediaType", "media mediaTypes channel channels"), ("none", "nothing total totals all"));

    private readonly AggregatesParametersValidator _shared;

    public ObservationsParametersValidator(AggregatesParametersValidator shared)
    {
        _shared = shared;
        this.MustEach("groupBy", parameters => ParameterRules.Items(parameters.GroupBy), OneOf("a grouping", ObservationsGrouping.Names, GroupingSynonyms));
        this.MustNotCombineNone(parameters => ParameterRules.Items(parameters.GroupBy), "another grouping: give 'none' alone, or a subset of queue, mediaType.");
    }

    /// <summary>The errors by the name of the parameter; empty if all parameters are valid.</summary>
    /// <param name="format">The format of the response; null if <c>format</c> is unknown.</param>
    /// <param name="accepted">The names of the parameters that an error can suggest; null for all parameters of GET /observations.</param>
    public IReadOnlyDictionary<string, string[]> ErrorsOf(ObservationsParameters parameters, Instant now, ResponseFormat? format, IReadOnlyList<string>? accepted = null) =>
        _shared.ErrorsOf(parameters.Shared, now, format, accepted ?? ObservationsParameters.Names).Concat(Validate(parameters).ByName()).GroupBy(error => error.Key, error => error.Value, StringComparer.Ordinal)
            .ToDictionary(errors => errors.Key, errors => errors.SelectMany(messages => messages).ToArray(), StringComparer.Ordinal);
}

/// <summary>Describes the parameters of GET /observations in the OpenAPI document, from the lists and limits that the validator uses.</summary>
internal static class ObservationsParameterMetadata
{
    public static IReadOnlyDictionary<string, ParameterMetadata> All { get; } = new Dictionary<string, ParameterMetadata>(
        AggregatesParameterMetadata.All.Where(parameter => ObservationsParameters.Names.Contains(parameter.Key, StringComparer.Ordinal)), StringComparer.Ordinal)
    {
        ["groupBy"] = new("queue") { Values = ObservationsGrouping.Names, MaxItems = ObservationsGrouping.Names.Length - 1, Default = "queue,mediaType" },
        ["maxAge"] = new("5") { Range = (0, AggregatesParametersValidator.MaxAgeSeconds) },
    };
}
