using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>
/// The limits of the organization, as far as Genesys reports them. These limits are ceilings: settings can only lower them. If Genesys does not report a limit,
/// only the setting applies. A ceiling remains in effect until a newer value has been read, or until a reply no longer contains the limit.
/// </summary>
internal sealed partial class LimitCeilings(ILogger<LimitCeilings> logger) : IRateLimitCeiling
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, ImmutableArray<DocumentedLimit>> _documentation = ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>.Empty;
    private volatile ImmutableDictionary<LimitKind, LimitFinding> _findings = ImmutableDictionary<LimitKind, LimitFinding>.Empty;

    /// <summary>The allowed requests per minute: the setting or the ceiling, whichever is lower.</summary>
    public int RequestsPerMinute(int setting) => AtMostCeiling(LimitKind.RequestsPerMinute, setting);

    /// <summary>The allowed predicates in one query for the current state of queues: the setting or the ceiling, whichever is lower.</summary>
    public int Predicates(int setting) => AtMostCeiling(LimitKind.Predicates, setting);

    /// <summary>The allowed topics per notification channel: the setting or the ceiling, whichever is lower.</summary>
    public int TopicsPerChannel(int setting) => AtMostCeiling(LimitKind.TopicsPerChannel, setting);

    /// <summary>The allowed number of notification channels: the setting or the ceiling, whichever is lower.</summary>
    public int Channels(int setting) => AtMostCeiling(LimitKind.Channels, setting);

    /// <summary>The number of groups to request per page of an activity query: the given size or the ceiling, whichever is lower.</summary>
    public int ActivityPageSize(int size) => AtMostCeiling(LimitKind.ActivityPageSize, size);

    /// <summary>The ceiling, or why there is no ceiling.</summary>
    public LimitFinding Find(LimitKind kind) => _findings.GetValueOrDefault(kind, LimitFinding.Unread);

    /// <summary>Applies the limits that were read, and logs the ceilings if they have changed.</summary>
    public void Apply(LimitsReply reply, Instant readAt)
    {
        lock (_gate)
        {
            var previousFindings = _findings;
            _documentation = reply.Documentation is { } documentation ? _documentation.SetItems(documentation) : _documentation;
            _findings = LimitDefinition.All.ToImmutableDictionary(definition => definition.Kind, definition => LimitSelection.Of(
                definition,
                _documentation.TryGetValue(definition.Namespace, out var documented) ? documented : null,
                reply.Namespaces.GetValueOrDefault(definition.Namespace),
                previousFindings.GetValueOrDefault(definition.Kind, LimitFinding.Unread),
                readAt));
            var text = TextOf(_findings);
            if (text != TextOf(previousFindings))
            {
                Log.Read(logger, text);
            }
        }
    }

    private static string TextOf(ImmutableDictionary<LimitKind, LimitFinding> findings)
    {
        var known = LimitDefinition.All
            .Select(definition => (definition.Meaning, findings.GetValueOrDefault(definition.Kind)?.Ceiling))
            .Where(limit => limit.Ceiling is not null)
            .Select(limit => FormattableString.Invariant(
                $"{limit.Ceiling!.Value} {limit.Meaning} ({limit.Ceiling.Namespace}/{limit.Ceiling.Key}{(limit.Ceiling.IsDefault ? ", the documented default" : "")})"))
            .ToList();
        return known is [] ? "none that this service uses" : string.Join(", ", known);
    }

    private int AtMostCeiling(LimitKind kind, int setting) => Math.Min(setting, Find(kind).Ceiling?.Value ?? int.MaxValue);

    private static partial class Log
    {
        [LoggerMessage(1014, LogLevel.Information, "Read the limits of the organization from Genesys: {Limits}. Settings can only lower them")]
        public static partial void Read(ILogger logger, string limits);
    }
}
