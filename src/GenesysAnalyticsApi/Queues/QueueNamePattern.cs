namespace GenesysAnalyticsApi.Queues;

/// <summary>
/// A queue's name, or a pattern of it: <c>*</c> stands for any letters, everything else for itself, whatever its case.
/// No regular expression, so that no pattern is slow: each piece is looked for once, from left to right.
/// </summary>
internal sealed class QueueNamePattern
{
    private readonly string _first;
    private readonly string[] _between;
    private readonly string _last;

    public QueueNamePattern(string text)
    {
        var pieces = text.Split('*');
        HasWildcard = pieces.Length > 1;
        _first = pieces[0];
        _between = [.. pieces.Skip(1).SkipLast(1).Where(piece => piece.Length > 0)];
        _last = pieces[^1];
    }

    /// <summary>False for a plain name.</summary>
    public bool HasWildcard { get; }

    public bool Fits(string name)
    {
        if (!HasWildcard)
        {
            return name.Equals(_first, StringComparison.OrdinalIgnoreCase);
        }

        if (name.Length < _first.Length + _last.Length
            || !name.StartsWith(_first, StringComparison.OrdinalIgnoreCase)
            || !name.EndsWith(_last, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = name.AsSpan(_first.Length, name.Length - _first.Length - _last.Length);
        foreach (var piece in _between)
        {
            var at = rest.IndexOf(piece, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + piece.Length)..];
        }

        return true;
    }
}
