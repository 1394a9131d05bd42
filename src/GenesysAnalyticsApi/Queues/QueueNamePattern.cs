namespace GenesysAnalyticsApi.Queues;

/// <summary>
/// A queue's name, or a pattern of it: <c>*</c> stands for any letters, everything else for itself, whatever its case.
/// No regular expression, so that no pattern is slow: each piece is looked for once, from left to right.
/// </summary>
internal sealed class QueueNamePattern(string text)
{
    private readonly string[] _pieces = text.Split('*');

    /// <summary>False for a plain name.</summary>
    public bool HasWildcard => _pieces.Length > 1;

    public bool Fits(string name)
    {
        if (!HasWildcard)
        {
            return name.Equals(text, StringComparison.OrdinalIgnoreCase);
        }

        var (first, last) = (_pieces[0], _pieces[^1]);
        if (name.Length < first.Length + last.Length
            || !name.StartsWith(first, StringComparison.OrdinalIgnoreCase)
            || !name.EndsWith(last, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = name.AsSpan(first.Length, name.Length - first.Length - last.Length);
        foreach (var piece in _pieces.AsSpan(1, _pieces.Length - 2))
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
