using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Finds the metrics that cause Genesys to reject a request, by sending the request with fewer metrics. The search considers a metric unsupported only if
/// Genesys twice rejects a request for it alone but accepts other metrics, because a single rejection can be a fault of Genesys. The names in an error
/// message only determine what the search tries first, because such messages also list supported metrics or mention metrics for other reasons. Each metric
/// is in at most one of the replies, so the replies can be added up.
/// </summary>
/// <param name="sendAsync">Sends the request for these metrics.</param>
/// <param name="reportUnsupported">Called for each unsupported metric as soon as it is found, because the search can be interrupted.</param>
/// <param name="control">A metric outside the search that Genesys should accept; null if there is none.</param>
internal sealed partial class UnsupportedMetricSearch(
    Func<ImmutableArray<string>, Task<AggregatesReply>> sendAsync, Action<string, GenesysFailure> reportUnsupported, string? control)
{
    /// <summary>A message that names more metrics than this probably lists the supported metrics.</summary>
    private const int MaxNames = 3;

    /// <summary>A message might name only one of several unsupported metrics. After this many messages, halving is faster.</summary>
    private const int MaxMessages = 4;

    private readonly List<MetricReply> _replies = [];
    private GenesysException? _tooLarge;
    private GenesysFailure? _rejection;
    private bool _isAnyAccepted;

    /// <summary>The replies received during the search.</summary>
    public IReadOnlyList<MetricReply> Replies => _replies;

    /// <summary>
    /// Whether the search found an unsupported metric. If a successful search found none, Genesys accepts all metrics in separate requests, but might
    /// reject them in one request.
    /// </summary>
    public bool IsAnyFound { get; private set; }

    /// <summary>Returns false if Genesys accepts none of the tested metrics, because the metrics are then not the cause of the rejection.</summary>
    /// <param name="requested">The metrics for which the request was rejected.</param>
    /// <exception cref="GenesysException">A request without the unsupported metrics is too large, or another failure occurred.</exception>
    public async Task<bool> FindAsync(ImmutableArray<string> requested, GenesysFailure rejection)
    {
        _rejection = rejection;
        var isFound = await TryNamesAsync(requested) || await HalveAsync(requested);
        return _tooLarge is null ? isFound : throw _tooLarge;
    }

    /// <summary>
    /// Omits the metrics that the error messages name. Returns true if Genesys accepted the remaining metrics and each omitted metric was tested alone.
    /// </summary>
    private async Task<bool> TryNamesAsync(ImmutableArray<string> requested)
    {
        var (remaining, omitted) = (requested, ImmutableArray<string>.Empty);
        for (var messages = 0; messages < MaxMessages; messages++)
        {
            var named = NamedAmong(remaining);
            if (named is [] || named.Length == remaining.Length)
            {
                return false;
            }

            (remaining, omitted) = ([.. remaining.Except(named)], [.. omitted, .. named]);
            if (await IsAcceptedAsync(remaining))
            {
                await TestEachAsync(omitted);
                return true;
            }
        }

        return false;
    }

    private async Task TestEachAsync(ImmutableArray<string> metrics)
    {
        foreach (var metric in metrics)
        {
            if (!await IsAcceptedAsync([metric]))
            {
                await ConfirmAsync(metric);
            }
        }
    }

    /// <summary>Repeats the request for one metric that was rejected alone.</summary>
    private async Task ConfirmAsync(string metric)
    {
        if (!await IsAcceptedAsync([metric]))
        {
            IsAnyFound = true;
            reportUnsupported(metric, _rejection!);
        }
    }

    private async Task<bool> HalveAsync(ImmutableArray<string> requested)
    {
        // One of the suspects is probably unsupported. The metrics in 'rest' are searched later.
        var (suspect, wasRejected, rest) = (requested, true, ImmutableArray<string>.Empty);
        while (true)
        {
            while (suspect.Length > 1)
            {
                var (firstHalf, secondHalf) = (suspect[..(suspect.Length / 2)], suspect[(suspect.Length / 2)..]);
                if (await IsAcceptedAsync(firstHalf))
                {
                    (suspect, wasRejected) = (secondHalf, false);
                    continue;
                }

                (suspect, wasRejected) = (firstHalf, true);
                rest = _isAnyAccepted || !await IsAcceptedAsync(secondHalf) ? [.. rest, .. secondHalf] : rest;
                if (!_isAnyAccepted && !await IsAboutMetricsAsync(requested))
                {
                    return false;
                }
            }

            // If the suspect was not rejected itself, it is a suspect because the other half was accepted. If Genesys also accepts it alone, Genesys rejects
            // only the combination.
            if (wasRejected ? _isAnyAccepted || await IsAboutMetricsAsync(requested) : !await IsAcceptedAsync(suspect))
            {
                await ConfirmAsync(suspect[0]);
            }
            else if (!_isAnyAccepted)
            {
                return false;
            }

            if (rest is [] || await IsAcceptedAsync(rest))
            {
                return true;
            }

            (suspect, wasRejected, rest) = (rest, true, []);
        }
    }

    /// <summary>
    /// Tests whether Genesys accepts the request for the control metric or, without a control metric, for any of three requested metrics. The replies are
    /// discarded, because the search requests these metrics again.
    /// </summary>
    private async Task<bool> IsAboutMetricsAsync(ImmutableArray<string> requested)
    {
        ImmutableArray<string> tested = control is not null ? [control] : requested.Length > 2 ? [requested[0], requested[requested.Length / 2], requested[^1]] : [];
        foreach (var metric in tested)
        {
            if (await IsAcceptedAsync([metric], keepReply: false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> IsAcceptedAsync(ImmutableArray<string> metrics, bool keepReply = true)
    {
        try
        {
            var reply = await sendAsync(metrics);
            if (keepReply)
            {
                _replies.Add(new MetricReply(metrics, reply));
            }
        }
        catch (GenesysException tooLarge) when (tooLarge.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false })
        {
            // The metrics are supported; the size is handled after the search.
            _tooLarge ??= tooLarge;
        }
        catch (GenesysException rejected) when (IsRejection(rejected.Failure))
        {
            _rejection = rejected.Failure;
            return false;
        }

        return _isAnyAccepted = true;
    }

    /// <summary>Returns true if the metrics of the request can be the cause of the failure.</summary>
    public static bool IsRejection(GenesysFailure failure) => failure is { Kind: GenesysFailureKind.Rejected, Status: 400, CallsUsedUp: false };

    /// <summary>The metrics that the message names, if they are few; otherwise the metrics that Genesys often rejects.</summary>
    private ImmutableArray<string> NamedAmong(ImmutableArray<string> metrics)
    {
        // Genesys lists all allowed values after the rejected value.
        var text = _rejection!.UpstreamMessage?.Split("llowable values")[0] ?? "";
        var names = Name().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<string> named = [.. metrics.Where(names.Contains)];
        return named.Length is > 0 and <= MaxNames && names.Count <= MaxNames ? named : [.. metrics.Where(GenesysMetrics.OftenRejected.Contains)];
    }

#pragma warning disable MA0009 // No character can match in two ways, so the time is linear. A non-backtracking pattern slows the startup: it is built at run time.
    [GeneratedRegex(@"\b[not][A-Z][A-Za-z0-9]+")]
    private static partial Regex Name();
#pragma warning restore MA0009
}

/// <summary>The reply of Genesys to a request for these metrics.</summary>
internal sealed record MetricReply(ImmutableArray<string> Metrics, AggregatesReply Reply);
