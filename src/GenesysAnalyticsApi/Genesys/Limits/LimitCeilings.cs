using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>
/// The limits of the organisation, as far as Genesys tells them. They are ceilings: settings can only lower them. Where Genesys tells none, the setting
/// alone applies. A ceiling that was read stays until a newer value has been read, or until a reply no longer has it.
/// </summary>
internal sealed partial class LimitCeilings(ILogger<LimitCeilings> logger)
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, ImmutableArray<DocumentedLimit>> _documentation = ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>.Empty;
    private volatile ImmutableDictionary<LimitKind, LimitFinding> _findings = ImmutableDictionary<LimitKind, LimitFinding>.Empty;

    /// <summary>The requests per minute that a setting allows.</summary>
    public int RequestsPerMinute(int setting) => Lower(LimitKind.RequestsPerMinute, setting);

    /// <summary>The predicates of one query for the current state of queues that a setting allows.</summary>
    public int Predicates(int setting) => Lower(LimitKind.Predicates, setting);

    /// <summary>The topics of one notification channel that a setting allows.</summary>
    public int TopicsPerChannel(int setting) => Lower(LimitKind.TopicsPerChannel, setting);

    /// <summary>The notification channels that a setting allows.</summary>
    public int Channels(int setting) => Lower(LimitKind.Channels, setting);

    /// <summary>The groups of one page of an activity query that are requested.</summary>
    public int ActivityPageSize(int size) => Lower(LimitKind.ActivityPageSize, size);

    /// <summary>The ceiling, or why there is none.</summary>
    public LimitFinding Find(LimitKind kind) => _findings.GetValueOrDefault(kind, LimitFinding.Unread);

    /// <summary>Takes over what was read.</summary>
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
            var told = TextOf(_findings);
            if (told != TextOf(before))
            {
                Log.Read(logger, told);
            }
        }
    }

    private static string TextOf(ImmutableDictionary<LimitKind, LimitFinding> findings)
    {
        var told = LimitDefinition.All
            .Select(definition => (definition.Meaning, findings.GetValueOrDefault(definition.Kind)?.Ceiling))
            .Where(limit => limit.Ceiling is not null)
            .Select(limit => FormattableString.Invariant(
                $"{limit.Ceiling!.Value} {limit.Meaning} ({limit.Ceiling.Namespace}/{limit.Ceiling.Key}{(limit.Ceiling.IsDefault ? ", the documented default" : "")})"))
            .ToList();
        return told is [] ? "none that this service keeps" : string.Join(", ", told);
    }

    private int Lower(LimitKind kind, int setting) => Math.Min(setting, Find(kind).Ceiling?.Value ?? int.MaxValue);

    private static partial class Log
    {
        [LoggerMessage(1014, LogLevel.Information, "Genesys tells the limits of the organisation: {Limits}. Settings only lower them")]
        public static partial void Read(ILogger logger, string limits);
    }
}
