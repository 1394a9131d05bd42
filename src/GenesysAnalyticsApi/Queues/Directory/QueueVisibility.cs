using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>
/// The queues that a caller may see. They are specified by ids, names, patterns and divisions; a queue that matches any of these is visible. Names, patterns
/// and divisions are resolved with the current directory. A queue that the directory does not contain is visible only if its id is specified.
/// </summary>
internal sealed class QueueVisibility
{
    private readonly FrozenSet<string> _ids;
    private readonly NamePattern[] _names;
    private readonly FrozenSet<string> _divisionIds;

    // Caches the filtered snapshot for all requests that use the same directory.
    private readonly ConditionalWeakTable<QueueDirectorySnapshot, QueueDirectorySnapshot> _visible = [];

    private QueueVisibility(IReadOnlyCollection<string> queues, IReadOnlyCollection<string> divisions, bool isAll)
    {
        IsAll = isAll;
        _ids = queues.Where(GenesysId.Is).Select(GenesysId.Canonical).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _names = [.. queues.Where(queue => !GenesysId.Is(queue)).Select(name => new NamePattern(name))];
        _divisionIds = divisions.Select(GenesysId.Canonical).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        (Queues, Divisions) = ([.. queues], [.. divisions]);
        Key = isAll ? "all" : KeyOf(queues, divisions);
    }

    public static QueueVisibility All { get; } = new([], [], isAll: true);

    public bool IsAll { get; }

    /// <summary>True if visibility cannot be determined without the directory.</summary>
    public bool NeedsDirectory => _names is not [] || _divisionIds.Count > 0;

    /// <summary>
    /// The ids that are visible even if the directory does not contain them, because queues that were deleted long ago still have historical data.
    /// </summary>
    public IEnumerable<string> Ids => _ids;

    /// <summary>The ids, names and patterns from which this visibility was created.</summary>
    public ImmutableArray<string> Queues { get; }

    /// <summary>The division ids from which this visibility was created.</summary>
    public ImmutableArray<string> Divisions { get; }

    /// <summary>Identifies the visibility: callers with equal keys can share cached responses.</summary>
    public string Key { get; }

    /// <param name="queues">Ids, names, or patterns with <c>*</c>.</param>
    /// <param name="divisions">The ids of divisions. Without any queue or division, nothing is visible.</param>
    public static QueueVisibility Of(IReadOnlyCollection<string> queues, IReadOnlyCollection<string> divisions) => new(queues, divisions, isAll: false);

    /// <summary>Returns the queues that the caller may see.</summary>
    public QueueDirectorySnapshot Filter(QueueDirectorySnapshot directory) =>
        IsAll ? directory : _visible.GetValue(directory, all => all.Where(Includes));

    /// <param name="directory">The directory, limited to the queues that the caller may see. Null until the listing has been read.</param>
    public bool Includes(string id, QueueDirectorySnapshot? directory) =>
        IsAll || _ids.Contains(GenesysId.Canonical(id)) || directory?.Find(id) is not null;

    private bool Includes(QueueEntry queue) =>
        _ids.Contains(GenesysId.Canonical(queue.Id))
        || (queue.DivisionId is { } division && _divisionIds.Contains(GenesysId.Canonical(division)))
        || Array.Exists(_names, name => name.MatchesFolded(queue.FoldedName));

    private static string KeyOf(IEnumerable<string> queues, IEnumerable<string> divisions)
    {
        // Lengths are included so that different rules never produce the same text.
        var rules = queues.Select(rule => ("queue", Text: NameFolding.Folded(GenesysId.Canonical(rule))))
            .Concat(divisions.Select(rule => ("division", Text: GenesysId.Canonical(rule).ToUpperInvariant())))
            .Distinct().Order()
            .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Item1} {rule.Text.Length} {rule.Text}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rules))).AsSpan(0, 16));
    }
}
