using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// A name, or a pattern in which <c>*</c> stands for any number of characters. Other characters are compared with <see cref="NameFolding"/>. The class uses
/// no regular expression, so no pattern is slow: each text between asterisks is searched for once, from left to right.
/// </summary>
internal sealed class NamePattern
{
    private readonly string _first;
    private readonly string[] _between;
    private readonly string _last;

    public NamePattern(string text)
    {
        var pieces = NameFolding.Folded(text).Split('*');
        HasWildcard = pieces.Length > 1;
        _first = pieces[0];
        _between = [.. pieces.Skip(1).SkipLast(1).Where(piece => piece.Length > 0)];
        _last = pieces[^1];
    }

    /// <summary>Whether this is a pattern; false for a plain name.</summary>
    public bool HasWildcard { get; }

    public bool Matches(string name) => MatchesFolded(NameFolding.Folded(name));

    /// <param name="name">A name as <see cref="NameFolding.Folded"/> returns it.</param>
    public bool MatchesFolded(string name)
    {
        if (!HasWildcard)
        {
            return name.Equals(_first, StringComparison.Ordinal);
        }

        if (name.Length < _first.Length + _last.Length
            || !name.StartsWith(_first, StringComparison.Ordinal)
            || !name.EndsWith(_last, StringComparison.Ordinal)
            || !EndsLetter(name, _first.Length))
        {
            return false;
        }

        var (index, end) = (_first.Length, name.Length - _last.Length);
        foreach (var piece in _between)
        {
            index = EndOf(piece, name, index, end);
            if (index < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the end of the first match in [from, end) that does not end within a letter, or -1.</summary>
    private static int EndOf(string piece, string name, int from, int end)
    {
        while (name.AsSpan(from, end - from).IndexOf(piece, StringComparison.Ordinal) is >= 0 and var found)
        {
            var pieceEnd = from + found + piece.Length;
            if (EndsLetter(name, pieceEnd))
            {
                return pieceEnd;
            }

            from += found + 1;
        }

        return -1;
    }

    /// <summary>
    /// Returns false if the index separates a letter from its combining mark, such as u from its diaeresis. Folded names are decomposed, so they contain
    /// separate marks.
    /// </summary>
    private static bool EndsLetter(string name, int index) =>
        index == 0 || index == name.Length || !Rune.TryGetRuneAt(name, index, out var next) || UnicodeCanonical.ClassOf(next) == 0;
}
