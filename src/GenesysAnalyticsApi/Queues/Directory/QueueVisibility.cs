using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>
/// The queues that a caller may see: named by id, by name or pattern, or by division; what any of these takes in is seen. Names and
/// divisions are looked up in the directory of the moment, and what is not found there is outside.
/// </summary>
internal sealed class QueueVisibility
{
    private readonly FrozenSet<string> _ids;
    private readonly QueueNamePattern[] _names;
    private readonly FrozenSet<string> _divisionIds;

    // A snapshot of thousands of queues is looked through once for all requests that are answered while it is in force.
    private readonly ConditionalWeakTable<QueueDirectorySnapshot, QueueDirectorySnapshot> _seen = [];

    private QueueVisibility(IReadOnlyCollection<string> queues, IReadOnlyCollection<string> divisions, bool isAll)
    {
        IsAll = isAll;
        _ids = queues.Where(GenesysId.Is).Select(GenesysId.Canonical).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _names = [.. queues.Where(queue => !GenesysId.Is(queue)).Select(name => new QueueNamePattern(name))];
        _divisionIds = divisions.Select(GenesysId.Canonical).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Key = isAll ? "all" : KeyOf(queues, divisions);
    }

    public static QueueVisibility All { get; } = new([], [], isAll: true);

    public bool IsAll { get; }

    /// <summary>Without a directory it cannot be told what is seen.</summary>
    public bool NeedsDirectory => _names is not [] || _divisionIds.Count > 0;

    /// <summary>The ids that are seen whether the directory knows them or not: a queue that was deleted long ago has a history.</summary>
    public IEnumerable<string> Ids => _ids;

    /// <summary>Equal views have equal keys: what was made for one caller is for all callers with that view.</summary>
    public string Key { get; }

    /// <param name="queues">Ids, names, or patterns with <c>*</c>.</param>
    /// <param name="divisions">Ids. With no queue and no division at all, nothing is seen.</param>
    public static QueueVisibility Of(IReadOnlyCollection<string> queues, IReadOnlyCollection<string> divisions) => new(queues, divisions, isAll: false);

    /// <summary>The directory as seen by the caller.</summary>
    public QueueDirectorySnapshot In(QueueDirectorySnapshot directory) =>
        IsAll ? directory : _seen.GetValue(directory, all => all.Where(Includes));

    /// <param name="directory">As seen by the caller; null while it has never been read.</param>
    public bool Includes(string id, QueueDirectorySnapshot? directory) =>
        IsAll || _ids.Contains(GenesysId.Canonical(id)) || directory?.Find(id) is not null;

    private bool Includes(DirectoryQueue queue) =>
        _ids.Contains(GenesysId.Canonical(queue.Id))
        || (queue.DivisionId is { } division && _divisionIds.Contains(GenesysId.Canonical(division)))
        || Array.Exists(_names, name => name.Fits(queue));

    private static string KeyOf(IEnumerable<string> queues, IEnumerable<string> divisions)
    {
        // With their lengths: no two different views are written alike, whatever letters their names have.
        var rules = queues.Select(rule => ("queue", Text: QueueNameComparison.Folded(GenesysId.Canonical(rule))))
            .Concat(divisions.Select(rule => ("division", Text: GenesysId.Canonical(rule).ToUpperInvariant())))
            .Distinct().Order()
            .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Item1} {rule.Text.Length} {rule.Text}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rules))).AsSpan(0, 16));
    }
}
