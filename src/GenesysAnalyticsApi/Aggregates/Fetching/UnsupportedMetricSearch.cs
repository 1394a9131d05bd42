using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Finds the metrics for which Genesys rejects a question, by asking the same question for fewer metrics. A metric counts as refused
/// only when it is rejected alone while others are accepted. The names in an error text decide what is tried first, and nothing else:
/// such texts also list what is supported, or mention metrics for another reason. Every metric is in one answer at most, so that the
/// answers add up to the whole.
/// </summary>
/// <param name="ask">Asks the question for these metrics.</param>
/// <param name="found">Called for each refused metric as soon as it is known: a search that is cut short is not in vain.</param>
/// <param name="control">A metric that is not among those in question and should be accepted; null where there is none.</param>
internal sealed partial class UnsupportedMetricSearch(Func<ImmutableArray<string>, Task<AggregatesReply>> ask, Action<string, GenesysFailure> found, string? control)
{
    /// <summary>A text that names more metrics than these lists them rather than blames them.</summary>
    private const int FewNames = 3;

    /// <summary>A text can name one refused metric at a time; after so many the halves are quicker.</summary>
    private const int MostTexts = 4;

    private readonly List<MetricReply> _answers = [];
    private GenesysException? _tooLarge;
    private GenesysFailure? _rejection;
    private bool _isAnyAccepted;

    /// <summary>What was answered on the way.</summary>
    public IReadOnlyList<MetricReply> Answers => _answers;

    /// <summary>False when the rejection has nothing to do with metrics: what is accepted for none of them.</summary>
    /// <param name="asked">The metrics for which the question was rejected.</param>
    /// <exception cref="GenesysException">The metrics were found, and without them the question is too large; or another failure.</exception>
    public async Task<bool> FindAsync(ImmutableArray<string> asked, GenesysFailure rejection)
    {
        _rejection = rejection;
        var isFound = await TryNamesAsync(asked) || await HalveAsync(asked);
        return _tooLarge is null ? isFound : throw _tooLarge;
    }

    /// <summary>Leaves out what the texts name. True when that was accepted, and each named metric was looked at by itself.</summary>
    private async Task<bool> TryNamesAsync(ImmutableArray<string> asked)
    {
        var (left, leftOut) = (asked, ImmutableArray<string>.Empty);
        for (var texts = 0; texts < MostTexts; texts++)
        {
            var named = NamedAmong(left);
            if (named is [] || named.Length == left.Length)
            {
                return false;
            }

            (left, leftOut) = ([.. left.Except(named)], [.. leftOut, .. named]);
            if (await IsAcceptedAsync(left))
            {
                await EachAsync(leftOut);
                return true;
            }
        }

        return false;
    }

    private async Task EachAsync(ImmutableArray<string> metrics)
    {
        foreach (var metric in metrics)
        {
            if (!await IsAcceptedAsync([metric]))
            {
                found(metric, _rejection!);
            }
        }
    }

    private async Task<bool> HalveAsync(ImmutableArray<string> asked)
    {
        // A suspect set has a refused metric in it, as far as is known; of the rest nothing is known yet.
        var (suspect, wasRejected, rest) = (asked, true, ImmutableArray<string>.Empty);
        while (true)
        {
            while (suspect.Length > 1)
            {
                var (left, right) = (suspect[..(suspect.Length / 2)], suspect[(suspect.Length / 2)..]);
                if (await IsAcceptedAsync(left))
                {
                    (suspect, wasRejected) = (right, false);
                    continue;
                }

                (suspect, wasRejected) = (left, true);
                rest = _isAnyAccepted || !await IsAcceptedAsync(right) ? [.. rest, .. right] : rest;
                if (!_isAnyAccepted && !await IsAboutMetricsAsync(asked))
                {
                    return false;
                }
            }

            // What is suspected because its other half was accepted may be accepted alone: then they were too many together.
            if (wasRejected ? _isAnyAccepted || await IsAboutMetricsAsync(asked) : !await IsAcceptedAsync(suspect))
            {
                found(suspect[0], _rejection!);
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

    /// <summary>Whether the question is accepted for any metric at all. These answers are not used: their metrics are asked for again.</summary>
    private async Task<bool> IsAboutMetricsAsync(ImmutableArray<string> asked)
    {
        ImmutableArray<string> tried = control is not null ? [control] : asked.Length > 2 ? [asked[0], asked[asked.Length / 2], asked[^1]] : [];
        foreach (var metric in tried)
        {
            if (await IsAcceptedAsync([metric], isKept: false))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> IsAcceptedAsync(ImmutableArray<string> metrics, bool isKept = true)
    {
        try
        {
            var reply = await ask(metrics);
            if (isKept)
            {
                _answers.Add(new MetricReply(metrics, reply));
            }
        }
        catch (GenesysException tooLarge) when (tooLarge.Failure is { Kind: GenesysFailureKind.TooLarge, CallsUsedUp: false })
        {
            // Its metrics are no problem; its size is dealt with when they are known.
            _tooLarge ??= tooLarge;
        }
        catch (GenesysException rejected) when (IsRejection(rejected.Failure))
        {
            _rejection = rejected.Failure;
            return false;
        }

        return _isAnyAccepted = true;
    }

    /// <summary>Whether a failure can be about the metrics of the question.</summary>
    public static bool IsRejection(GenesysFailure failure) => failure is { Kind: GenesysFailureKind.Rejected, Status: 400, CallsUsedUp: false };

    /// <summary>The few metrics that the text names; else those that organisations are often refused.</summary>
    private ImmutableArray<string> NamedAmong(ImmutableArray<string> metrics)
    {
        // Genesys lists all allowable values behind the one that it refuses.
        var text = _rejection!.UpstreamMessage?.Split("llowable values")[0] ?? "";
        var names = Name().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<string> named = [.. metrics.Where(names.Contains)];
        return named.Length is > 0 and <= FewNames && names.Count <= FewNames ? named : [.. metrics.Where(MetricCatalog.OftenRejected.Contains)];
    }

    [GeneratedRegex(@"\b[not][A-Z][A-Za-z0-9]+")]
    private static partial Regex Name();
}

/// <summary>What Genesys answered to a question for these metrics.</summary>
internal sealed record MetricReply(ImmutableArray<string> Metrics, AggregatesReply Reply);
