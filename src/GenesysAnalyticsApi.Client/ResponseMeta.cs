using GenesysAnalyticsApi.Client.Models;

namespace GenesysAnalyticsApi.Client;

/// <summary>How old, how complete and how final the figures of a response are.</summary>
public sealed record ResponseMeta
{
    /// <summary>When the oldest figures that can still change were fetched from Genesys. Null if there was nothing to fetch.</summary>
    public required DateTimeOffset? AsOf { get; init; }

    /// <summary>Whether everything could be loaded. If not, <see cref="Warnings"/> and the body of the response say what is missing.</summary>
    public required bool Complete { get; init; }

    /// <summary>Whether Genesys no longer corrects the figures. Always false for observations.</summary>
    public required bool Final { get; init; }

    /// <summary>Whether the figures are older than they should be, because Genesys was unavailable.</summary>
    public required bool Stale { get; init; }

    /// <summary>What the records do not show, such as an unknown queue.</summary>
    public required IReadOnlyList<ResponseWarning> Warnings { get; init; }

    internal static ResponseMeta Of(ObservationsMeta? meta, IReadOnlyList<ResponseWarning> warnings) => new()
    {
        AsOf = meta?.AsOf,
        Complete = meta?.Complete ?? false,
        Final = false,
        Stale = meta?.Stale ?? false,
        Warnings = warnings,
    };
}

/// <summary>Something that the records of a response do not show.</summary>
/// <param name="Code">A stable code, such as <c>unknown-queue</c>.</param>
/// <param name="Message">A text for people.</param>
public sealed record ResponseWarning(string Code, string Message)
{
    internal static IReadOnlyList<ResponseWarning> Of(IEnumerable<AnswerWarning>? warnings) =>
        [.. (warnings ?? []).Select(warning => new ResponseWarning(warning.Code ?? "", warning.Message ?? ""))];
}
