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
/// The queues that a caller may see, given by id, by name or pattern, or by division; a queue that matches any of them is visible. Names and
/// divisions are resolved with the current directory. A queue that it does not contain is visible only by id.
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

    /// <summary>Ids that are visible even if the directory does not know them: queues deleted long ago have historical data.</summary>
    public IEnumerable<string> Ids => _ids;

    /// <summary>The ids, names and patterns that it was created from.</summary>
    public ImmutableArray<string> Queues { get; }

    /// <summary>The division ids that it was created from.</summary>
    public ImmutableArray<string> Divisions { get; }

    /// <summary>Equal visibilities have equal keys, so that callers can share cached responses.</summary>
    public string Key { get; }

    /// <param name="queues">Ids, names, or patterns with <c>*</c>.</param>
    /// <param name="divisions">Ids. Without any queue or division, nothing is visible.</param>
    public static QueueVisibility Of(IReadOnlyCollection<string> queues, IReadOnlyCollection<string> divisions) => new(queues, divisions, isAll: false);

    /// <summary>Returns the queues that the caller may see.</summary>
    public QueueDirectorySnapshot Filter(QueueDirectorySnapshot directory) =>
        IsAll ? directory : _visible.GetValue(directory, all => all.Where(Includes));

    /// <param name="directory">Limited to what the caller may see. Null until the listing has been read.</param>
    public bool Includes(string id, QueueDirectorySnapshot? directory) =>
        IsAll || _ids.Contains(GenesysId.Canonical(id)) || directory?.Find(id) is not null;

    private bool Includes(QueueEntry queue) =>
        _ids.Contains(GenesysId.Canonical(queue.Id))
        || (queue.DivisionId is { } division && _divisionIds.Contains(GenesysId.Canonical(division)))
        || Array.Exists(_names, name => name.MatchesFolded(queue.FoldedName));

    private static string KeyOf(IEnumerable<string> queues, IEnumerable<string> divisions)
    {
        // Lengths are included so that different rules never produce the same text.
        var rules = queues.Select(rule => ("queue", Text: NameComparison.Folded(GenesysId.Canonical(rule))))
            .Concat(divisions.Select(rule => ("division", Text: GenesysId.Canonical(rule).ToUpperInvariant())))
            .Distinct().Order()
            .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Item1} {rule.Text.Length} {rule.Text}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rules))).AsSpan(0, 16));
    }
}
