using System.Text.Json;
using FluentValidation;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Text;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Conversations.Request;

/// <summary>
/// Checks the parameters of GET /conversations. <see cref="AggregatesParametersValidator"/> checks the parameters that GET /aggregates has too.
/// </summary>
internal sealed class ConversationsParametersValidator : AbstractValidator<ConversationsParameters>
{
    public const int MaxPageSize = 1_000;
    private const int MaxMs = int.MaxValue;

    public static readonly string[] Orders = ["asc", "desc"];
    public static readonly string[] Matches = ["started", "active"];
    public static readonly string[] Outcomes = [.. Enum.GetNames<ConversationOutcome>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>The values of Genesys' <c>disconnectType</c>.</summary>
    public static readonly string[] DisconnectTypes =
    [
        "client", "conferenceTransfer", "consultTransfer", "dndEndpoint", "dndTransfer", "endpoint", "error", "forwardTransfer", "inactivity", "noAnswerTransfer", "notAvailableTransfer",
        "other", "peer", "sessionExpired", "spam", "system", "takeover", "timeout", "transfer", "transportFailure", "uncallable",
    ];

    private static readonly Synonyms OrderSynonyms = new(("asc", "ascending oldest"), ("desc", "descending newest latest"));
    private static readonly Synonyms MatchSynonyms = new(("started", "start began"), ("active", "activity"));
    private static readonly Synonyms OutcomeSynonyms = new(("answered", "answer handled"), ("abandoned", "abandon"), ("flowOut", "flow out flowedOut"), ("open", "running waiting"));

    private readonly AggregatesParametersValidator _shared;

    public ConversationsParametersValidator(AggregatesParametersValidator shared)
    {
        _shared = shared;
        RuleFor(parameters => parameters.Match).Must("match", OneOf("valid", Matches, MatchSynonyms));
        RuleFor(parameters => parameters.Order).Must("order", OneOf("an order", Orders, OrderSynonyms));
        RuleFor(parameters => parameters.MinHandleTimeMs).Must("minHandleTimeMs", Number(0, MaxMs, "milliseconds"));
        RuleFor(parameters => parameters.MinWaitTimeMs).Must("minWaitTimeMs", Number(0, MaxMs, "milliseconds"));
        this.MustEach("outcome", parameters => ParameterRules.Items(parameters.Outcome), OneOf("an outcome", Outcomes, OutcomeSynonyms, StringComparer.OrdinalIgnoreCase));
        this.MustEach("disconnectType", parameters => ParameterRules.Items(parameters.DisconnectType), DisconnectTypeFault);
        RuleFor(parameters => parameters.Format).Must("format", OneOf("a format", ConversationsQuery.FormatNames));
        RuleFor(parameters => parameters).Custom((parameters, context) =>
        {
            if (context.RootContextData["format"] is not ResponseFormat format)
            {
                return;
            }

            var maximum = format == ResponseFormat.Json ? MaxPageSize : int.MaxValue;
            if (parameters.Limit is { } limit && Number(1, maximum)(limit) is { } reason)
            {
                context.AddFailure("limit", reason);
            }

            if (parameters.Cursor is { } cursor && ConversationCursor.ErrorOf(cursor, parameters, format, (Instant)context.RootContextData["now"]) is { } error)
            {
                context.AddFailure("cursor", error);
            }
        });
    }

    /// <summary>
    /// The error for an invalid value. It lists the accepted values, although there are many, because a general message would omit such a long list.
    /// </summary>
    private static string? DisconnectTypeFault(string type) =>
        OneOf("a disconnect type", DisconnectTypes, comparer: StringComparer.OrdinalIgnoreCase)(type) is { } fault ? $"{fault} Use one of {string.Join(", ", DisconnectTypes)}." : null;

    /// <summary>The errors by the wire name of the parameter; empty if all parameters are valid.</summary>
    /// <param name="format">The format of the response; null if the <c>format</c> parameter is invalid.</param>
    /// <param name="accepted">The names of the parameters that an error can suggest; null for all parameters of GET /conversations.</param>
    public IReadOnlyDictionary<string, string[]> ErrorsOf(ConversationsParameters parameters, Instant now, ResponseFormat? format, IReadOnlyList<string>? accepted = null)
    {
        var ownErrors = Validate(new ValidationContext<ConversationsParameters>(parameters) { RootContextData = { ["format"] = format, ["now"] = now } }).ByName();
        return _shared.ErrorsOf(parameters.Shared, now, format, accepted ?? ConversationsParameters.Names).Concat(ownErrors).GroupBy(error => error.Key, error => error.Value, StringComparer.Ordinal)
            .ToDictionary(errors => errors.Key, errors => errors.SelectMany(messages => messages).ToArray(), StringComparer.Ordinal);
    }
}

/// <summary>Describes the parameters of GET /conversations in the OpenAPI document, from the lists and limits that the validator uses.</summary>
internal static class ConversationsParameterMetadata
{
    public static IReadOnlyDictionary<string, ParameterMetadata> All { get; } = new Dictionary<string, ParameterMetadata>(
        AggregatesParameterMetadata.All.Where(parameter => ConversationsParameters.Names.Contains(parameter.Key, StringComparer.Ordinal)), StringComparer.Ordinal)
    {
        ["match"] = new("active") { Values = ConversationsParametersValidator.Matches, Default = ConversationsParametersValidator.Matches[0] },
        ["disconnectType"] = new("transfer") { Values = ConversationsParametersValidator.DisconnectTypes, MaxItems = ConversationsParametersValidator.DisconnectTypes.Length },
        ["outcome"] = new("abandoned") { Values = ConversationsParametersValidator.Outcomes, MaxItems = ConversationsParametersValidator.Outcomes.Length },
        ["minHandleTimeMs"] = new("600000") { Range = (0, int.MaxValue) },
        ["minWaitTimeMs"] = new("60000") { Range = (0, int.MaxValue) },
        ["order"] = new("desc") { Values = ConversationsParametersValidator.Orders, Default = ConversationsParametersValidator.Orders[0] },
        ["limit"] = new("20") { Range = (1, int.MaxValue) },
        ["cursor"] = new("ZTNiMGM0NDI5OGZjMWMxNCAxNzk1NDc4NDAwMDAwIDE3OTU1NjQ4MDAwMDAgMTc5NTQ4MDEyMzQ1NiAxIDhlMGQ0YzNi"),
        ["format"] = new("csv") { Values = ConversationsQuery.FormatNames },
    };
}
