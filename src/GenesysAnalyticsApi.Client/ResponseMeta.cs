using GenesysAnalyticsApi.Client.Models;

namespace GenesysAnalyticsApi.Client;

/// <summary>How old, how complete and how final the figures of a response are.</summary>
public sealed record ResponseMeta
{
    /// <summary>
    /// For aggregates, when the oldest figures that can still change were fetched from Genesys, or the oldest of all figures if all are final. For
    /// observations, the time of the state. Null if nothing was fetched.
    /// </summary>
    public required DateTimeOffset? AsOf { get; init; }

    /// <summary>Whether all data could be loaded. If not, <see cref="Warnings"/> and the body of the response say what is missing.</summary>
    public required bool Complete { get; init; }

    /// <summary>Whether Genesys no longer corrects the figures. Always false for observations.</summary>
    public required bool Final { get; init; }

    /// <summary>Whether some figures are older than they should be, because they could not be fetched again.</summary>
    public required bool Stale { get; init; }

    /// <summary>What limits the data but is not visible in the records, such as an unknown queue.</summary>
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

/// <summary>A limitation of the data that is not visible in the records of a response.</summary>
/// <param name="Code">A stable code, such as <c>unknown-queue</c>.</param>
/// <param name="Message">A text for people.</param>
public sealed record ResponseWarning(string Code, string Message)
{
    internal static IReadOnlyList<ResponseWarning> Of(IEnumerable<AnswerWarning>? warnings) =>
        [.. (warnings ?? []).Select(warning => new ResponseWarning(warning.Code ?? "", warning.Message ?? ""))];
}
