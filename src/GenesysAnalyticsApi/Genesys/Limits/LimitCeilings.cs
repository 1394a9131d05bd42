using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>
/// The limits of the organization, as far as Genesys reports them. They are ceilings: settings can only lower them. If Genesys does not report a limit, only
/// the setting applies. A ceiling remains in effect until a newer value has been read, or until a reply no longer contains it.
/// </summary>
internal sealed partial class LimitCeilings(ILogger<LimitCeilings> logger) : IRateLimitCeiling
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, ImmutableArray<DocumentedLimit>> _documentation = ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>.Empty;
    private volatile ImmutableDictionary<LimitKind, LimitFinding> _findings = ImmutableDictionary<LimitKind, LimitFinding>.Empty;

    /// <summary>The requests per minute that are allowed: the setting, or the ceiling if that is lower.</summary>
    public int RequestsPerMinute(int setting) => AtMostCeiling(LimitKind.RequestsPerMinute, setting);

    /// <summary>The predicates that are allowed in one query for the current state of queues: the setting, or the ceiling if that is lower.</summary>
    public int Predicates(int setting) => AtMostCeiling(LimitKind.Predicates, setting);

    /// <summary>The topics that are allowed in one notification channel: the setting, or the ceiling if that is lower.</summary>
    public int TopicsPerChannel(int setting) => AtMostCeiling(LimitKind.TopicsPerChannel, setting);

    /// <summary>The notification channels that are allowed: the setting, or the ceiling if that is lower.</summary>
    public int Channels(int setting) => AtMostCeiling(LimitKind.Channels, setting);

    /// <summary>The groups to request per page of an activity query: the given size, or the ceiling if that is lower.</summary>
    public int ActivityPageSize(int size) => AtMostCeiling(LimitKind.ActivityPageSize, size);

    /// <summary>The ceiling, or why there is none.</summary>
    public LimitFinding Find(LimitKind kind) => _findings.GetValueOrDefault(kind, LimitFinding.Unread);

    /// <summary>Applies the limits that were read, and logs the ceilings if they have changed.</summary>
    public void Apply(LimitsReply read, Instant readAt)
    {
        lock (_gate)
        {
            var before = _findings;
            _documentation = read.Documentation is { } documentation ? _documentation.SetItems(documentation) : _documentation;
            _findings = LimitDefinition.All.ToImmutableDictionary(definition => definition.Kind, definition => LimitSelection.Of(
                definition,
                _documentation.TryGetValue(definition.Namespace, out var documented) ? documented : null,
                read.Namespaces.GetValueOrDefault(definition.Namespace),
                before.GetValueOrDefault(definition.Kind, LimitFinding.Unread),
                readAt));
            var text = TextOf(_findings);
            if (text != TextOf(before))
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
