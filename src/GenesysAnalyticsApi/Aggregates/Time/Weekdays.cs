using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>English names of weekdays: short (<c>mon</c>) or long (<c>Monday</c>) in any case, and ranges (<c>mon-fri</c>, <c>fri-mon</c>).</summary>
internal static class Weekdays
{
    /// <summary>The short names, from Monday.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    // "week" is not a synonym, because it could mean five days or seven.
    private static readonly Synonyms Synonyms = new(
        ("mon", "monday mo mondays"), ("tue", "tuesday tu tues tuesdays"), ("wed", "wednesday we wednesdays"), ("thu", "thursday th thur thurs thursdays"),
        ("fri", "friday fr fridays"), ("sat", "saturday sa saturdays"), ("sun", "sunday su sundays"));

    /// <param name="error">Receives the complete message.</param>
    public static IReadOnlyList<IsoDayOfWeek>? Parse(string text, Action<string> error)
    {
        var ends = text.Split('-').Select(name => (Name: name.Trim(), Day: Find(name.Trim()))).ToList();
        if (ends.FirstOrDefault(end => end.Day is null) is { Name: { } unknown })
        {
            error(DidYouMean.MessageWith(DidYouMean.To(unknown, Names, Synonyms), text, "a weekday, or a range such as mon-fri", Names));
            return null;
        }

        if (ends.Count > 2)
        {
            error($"'{InputExcerpt.Of(text)}' is not a range of weekdays: write two weekdays, for example mon-fri.");
            return null;
        }

        var (first, last) = ((int)ends[0].Day!.Value, (int)ends[^1].Day!.Value);
        return [.. Enumerable.Range(first, ((last - first + 7) % 7) + 1).Select(day => (IsoDayOfWeek)(((day - 1) % 7) + 1))];
    }

    public static string Print(IsoDayOfWeek day) => Names[(int)day - 1];

    private static IsoDayOfWeek? Find(string name)
    {
        for (var day = IsoDayOfWeek.Monday; day <= IsoDayOfWeek.Sunday; day++)
        {
            if (name.Equals(Print(day), StringComparison.OrdinalIgnoreCase) || name.Equals(day.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return day;
            }
        }

        return null;
    }
}
