using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>The kinds of limits of the organization that this service respects.</summary>
internal enum LimitKind
{
    /// <summary>Requests per minute for one token of a client-credentials client.</summary>
    RequestsPerMinute,

    /// <summary>Predicates in one query for the current state of queues.</summary>
    Predicates,

    /// <summary>Topics per notification channel.</summary>
    TopicsPerChannel,

    /// <summary>Notification channels per client.</summary>
    Channels,

    /// <summary>Groups per page of an activity query.</summary>
    ActivityPageSize,
}

/// <summary>
/// Defines how to recognize a limit in the lists of Genesys. The namespace of each limit is known. The key is known only for the requests per minute.
/// The other limits are recognized by the words of their key or, if no key matches, by the words of their description. A limit is ignored if a word shows that
/// the limit is about something else:
/// <code>
///   key           contains all of <see cref="RequiredWords"/>, and otherwise only neutral words and <see cref="AllowedWords"/>
///   description   states a number of <see cref="CountedWords"/>
///   both          contain no word of <see cref="ForeignWords"/> or <see cref="ExcludedWords"/>
///   value         at least <see cref="Smallest"/>, which is far below the published limit. A smaller value limits something else
/// </code>
/// If several limits match and their values differ, none is used. If a limit is not recognized, Genesys can reject a request that exceeds the limit. A limit
/// that is recognized by mistake would cause many small requests. To find such a mistake, see the namespace and the key of each ceiling in the log (event
/// 1014) or in the output of the doctor. <c>Genesys:ReadLimits=false</c> turns off all ceilings until the word lists in this class are corrected.
/// </summary>
/// <param name="Meaning">What is counted, in the plural.</param>
internal sealed record LimitDefinition(LimitKind Kind, string Namespace, string Meaning, int Smallest)
{
    /// <summary>The platform's namespace. The limits in this namespace are always read, whatever the documentation contains.</summary>
    public const string Platform = "platform.api";

    private const string RealTime = "analytics.realtime";
    private const string Notifications = "notifications";

    /// <summary>
    /// How many words before a counted word are searched for one of the <see cref="Quantities"/>, which shows that the description states a number.
    /// </summary>
    private const int WordsBefore = 6;

    private static readonly ImmutableHashSet<string> Quantities = ["number", "maximum", "max", "most", "limit", "count"];

    private static readonly ImmutableHashSet<string> Neutral = [.. Quantities, "of", "per", "in", "a", "an", "the", "for", "each", "single", "allowed", "total"];

    /// <summary>Units, and subjects of other limits that are described in similar words.</summary>
    private static readonly ImmutableHashSet<string> ForeignWords =
    [
        "second", "minute", "hour", "day", "week", "month", "year", "millisecond", "ms", "rate", "byte", "kb", "kib", "mb", "mib", "kilobyte", "megabyte", "character", "char",
        "length", "depth", "nested", "nesting", "level", "timeout", "ttl", "age", "lifetime", "retention", "expiration", "detail", "job", "export", "alert", "rule",
    ];

    public static ImmutableArray<LimitDefinition> All { get; } =
    [
        new(LimitKind.RequestsPerMinute, Platform, "requests per minute and token", 15) { Key = "client.credentials.token.rate.per.minute" },
        new(LimitKind.Predicates, RealTime, "predicates of a query for the state of queues", 10)
        {
            RequiredWords = ["predicate"],
            AllowedWords = ["query", "filter", "request", "observation", "activity", "queue", "conversation"],
            CountedWords = ["predicate"],
            ExcludedWords = ["clause", "group", "aggregate", "aggregation"],
        },
        new(LimitKind.TopicsPerChannel, Notifications, "topics per notification channel", 50)
        {
            RequiredWords = ["topic", "channel"],
            AllowedWords = ["notification", "subscription", "websocket"],
            CountedWords = ["topic", "channel"],
            ExcludedWords = ["message", "event", "connection"],
        },
        new(LimitKind.Channels, Notifications, "notification channels", 2)
        {
            RequiredWords = ["channel"],
            AllowedWords = ["notification", "websocket", "user", "app", "application", "client", "oauth", "token", "active", "open"],
            CountedWords = ["channel"],
            ExcludedWords = ["topic", "subscription", "message", "event", "connection", "socket", "webhook"],
        },
        new(LimitKind.ActivityPageSize, RealTime, "groups per page of an activity query", 25)
        {
            RequiredWords = ["activity", "page", "size"],
            AllowedWords = ["query", "request", "result", "group", "conversation", "routing", "queue", "user"],
            CountedWords = ["page", "activity"],
            ExcludedWords = ["observation"],
        },
    ];

    public static ImmutableArray<string> Namespaces { get; } = [.. All.Select(definition => definition.Namespace).Distinct()];

    /// <summary>The key of the limit, if the key is known. In that case, no words are compared.</summary>
    public string? Key { get; private init; }

    private ImmutableArray<string> RequiredWords { get; init; } = [];

    private ImmutableHashSet<string> AllowedWords { get; init; } = [];

    private ImmutableArray<string> CountedWords { get; init; } = [];

    private ImmutableHashSet<string> ExcludedWords { get; init; } = [];

    public static LimitDefinition Of(LimitKind kind) => All.First(definition => definition.Kind == kind);

    /// <param name="description">
    /// Null if there is none. Unless <see cref="Key"/> is set, a limit does not match if its description is about something else.
    /// </param>
    public bool MatchesKey(string key, string? description)
    {
        if (Key is not null)
        {
            return key == Key;
        }

        var words = WordsOf(key);
        return RequiredWords.All(words.Contains)
            && words.All(word => RequiredWords.Contains(word) || AllowedWords.Contains(word) || Neutral.Contains(word))
            && !IsForeign(WordsOf(description));
    }

    public bool MatchesDescription(string key, string? description)
    {
        var words = WordsOf(description);
        if (Key is not null || IsForeign(words) || IsForeign(WordsOf(key)))
        {
            return false;
        }

        var counted = words.IndexOf(CountedWords[0]);
        return counted > 0
            && words.Take(counted).TakeLast(WordsBefore).Any(Quantities.Contains)
            && words.Skip(counted).Where(CountedWords.Contains).Distinct().SequenceEqual(CountedWords, StringComparer.Ordinal);
    }

    private bool IsForeign(List<string> words) => words.Exists(word => ForeignWords.Contains(word) || ExcludedWords.Contains(word));

    /// <summary>The words of a text in lower case and in the singular. <c>maxTopics</c> is two words, and so is <c>topics.max</c>.</summary>
    private static List<string> WordsOf(string? text)
    {
        List<string> words = [];
        var begin = -1;
        for (var index = 0; index <= text?.Length; index++)
        {
            var isLetter = index < text.Length && char.IsAsciiLetter(text[index]);
            if (begin >= 0 && (!isLetter || (char.IsAsciiLetterUpper(text[index]) && char.IsAsciiLetterLower(text[index - 1]))))
            {
                words.Add(Singular(text[begin..index].ToLowerInvariant()));
                begin = -1;
            }

            begin = isLetter && begin < 0 ? index : begin;
        }

        return words;
    }

    private static string Singular(string word) =>
        word.EndsWith("ies", StringComparison.Ordinal) ? $"{word[..^3]}y"
        : word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1]
        : word;
}
