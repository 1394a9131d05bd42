using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Conversations.Request;

/// <summary>A validated query for conversations.</summary>
/// <param name="Shared">The interval, the time zone and the filters that GET /aggregates has too.</param>
internal sealed record ConversationsQuery(AggregatesQuery Shared)
{
    public static readonly ResponseFormat[] Formats = [ResponseFormat.Json, ResponseFormat.Ndjson, ResponseFormat.Csv, ResponseFormat.Parquet];

    public static readonly string[] FormatNames = [.. Formats.Select(format => format.Name)];

    /// <summary>The maximum number of records on a page of JSON, if the caller gives none.</summary>
    public const int DefaultPageSize = 100;

    public required Instant From { get; init; }

    public required Instant To { get; init; }

    public required ResponseFormat Format { get; init; }

    /// <summary>Whether to select conversations by their events instead of by their start.</summary>
    public bool IsByActivity { get; init; }

    public bool IsDescending { get; init; }

    /// <summary>The maximum number of records; null for all.</summary>
    public int? Limit { get; init; }

    public ConversationCursor? Cursor { get; init; }

    /// <summary>The selected disconnect types, as Genesys spells them; empty for all.</summary>
    public ImmutableArray<string> DisconnectTypes { get; init; } = [];

    /// <summary>The selected outcomes; empty for all.</summary>
    public ImmutableArray<ConversationOutcome> Outcomes { get; init; } = [];

    public long MinHandleTimeMs { get; init; }

    public long MinWaitTimeMs { get; init; }

    /// <summary>The hash that identifies the parameters of the query in a cursor.</summary>
    public required ulong Filter { get; init; }

    /// <summary>Whether the query selects agents. The caller then needs the <c>agents</c> scope.</summary>
    public bool IsAboutAgents => !Shared.UserIds.IsEmpty;

    /// <summary>Whether a record passes the filters of the query, except the filters on its queue.</summary>
    public bool Includes(ConversationRecord record) =>
        Among(Shared.MediaTypes, record.MediaType)
        && (Shared.Direction is null || record.Direction == Shared.Direction)
        && (Shared.UserIds.IsEmpty || record.Agents?.Any(agent => Shared.UserIds.Contains(agent, StringComparer.OrdinalIgnoreCase)) == true)
        && (Shared.WrapUpCodes.IsEmpty || record.WrapUpCodes.Any(code => Shared.WrapUpCodes.Contains(code, StringComparer.OrdinalIgnoreCase)))
        && Among(DisconnectTypes, record.DisconnectType)
        && (Outcomes.IsEmpty || (record.Outcome is { } outcome && Outcomes.Contains(outcome)))
        && (MinHandleTimeMs == 0 || record.HandleTimeMs >= MinHandleTimeMs)
        && (MinWaitTimeMs == 0 || record.WaitTimeMs >= MinWaitTimeMs);

    /// <summary>Creates the query from parameters that passed validation.</summary>
    public static ConversationsQuery Of(ConversationsParameters parameters, Instant now, ResponseFormat format)
    {
        var shared = AggregatesQuery.From(parameters.Shared, now, format);
        var cursor = parameters.Cursor is { } text && ConversationCursor.TryRead(text, out var read) ? read : null;
        return new(shared)
        {
            From = cursor?.From ?? shared.Interval.From,
            To = cursor?.To ?? shared.Interval.To,
            Format = format,
            IsByActivity = parameters.Match == "active",
            IsDescending = parameters.Order == "desc",
            Limit = parameters.Limit is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture)
                : format == ResponseFormat.Json ? DefaultPageSize
                : null,
            Cursor = cursor,
            DisconnectTypes =
            [
                .. ParameterRules.Items(parameters.DisconnectType)
                    .Select(type => ConversationsParametersValidator.DisconnectTypes.First(known => known.Equals(type, StringComparison.OrdinalIgnoreCase))).Distinct(),
            ],
            Outcomes = [.. ParameterRules.Items(parameters.Outcome).Select(outcome => Enum.Parse<ConversationOutcome>(outcome, ignoreCase: true)).Distinct()],
            MinHandleTimeMs = Milliseconds(parameters.MinHandleTimeMs),
            MinWaitTimeMs = Milliseconds(parameters.MinWaitTimeMs),
            Filter = ConversationCursor.FilterOf(parameters),
        };
    }

    private static bool Among(ImmutableArray<string> wanted, string? value) => wanted.IsEmpty || (value is not null && wanted.Contains(value, StringComparer.OrdinalIgnoreCase));

    private static long Milliseconds(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
}
