using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>The limits of the organisation that this service keeps.</summary>
internal enum LimitKind
{
    /// <summary>Requests per minute for one token of a client-credentials client.</summary>
    RequestsPerMinute,

    /// <summary>Predicates of one query for the current state of queues.</summary>
    Predicates,

    /// <summary>Topics of one notification channel.</summary>
    TopicsPerChannel,

    /// <summary>Notification channels of one client.</summary>
    Channels,

    /// <summary>Groups of one page of an activity query.</summary>
    ActivityPageSize,
}

/// <summary>
/// How a limit is recognised among those that Genesys lists. Its namespace is known for each limit, its key only for the requests per minute. The others
/// are recognised by the words of their key or, if no key fits, of their description, and only if nothing in these words is about something else:
/// <code>
///   key           has all words of <see cref="Words"/> and no others than neutral ones and <see cref="OtherWords"/>
///   description   counts (<see cref="Sentence"/>), and has neither a word of another unit or thing nor one of <see cref="Excluded"/>
///   value         at least <see cref="Smallest"/>: a twentieth of the public figure. Less is the limit of something else
/// </code>
/// If several limits fit and their values differ, none is used. A limit that is not recognised costs one refused request, whose message tells it. One that
/// is recognised by mistake would cost many small requests: the log (event 1014) and the doctor show the namespace and the key of each ceiling, and
/// <c>Genesys:ReadLimits=false</c> switches all of them off until the words here are corrected.
/// </summary>
/// <param name="Meaning">What is counted, in the plural.</param>
internal sealed record LimitDefinition(LimitKind Kind, string Namespace, string Meaning, int Smallest)
{
    /// <summary>The platform's namespace. Its limits are read whatever the documentation says.</summary>
    public const string Platform = "platform.api";

    private const string RealTime = "analytics.realtime";
    private const string Notifications = "notifications";

    /// <summary>A description counts if one of these words is shortly before what is counted.</summary>
    private const int WordsBefore = 6;

    private static readonly ImmutableHashSet<string> Quantities = ["number", "maximum", "max", "most", "limit", "count"];

    private static readonly ImmutableHashSet<string> Neutral = [.. Quantities, "of", "per", "in", "a", "an", "the", "for", "each", "single", "allowed", "total"];

    /// <summary>Units, and things that a limit of similar words could be about.</summary>
    private static readonly ImmutableHashSet<string> Foreign =
    [
        "second", "minute", "hour", "day", "week", "month", "year", "millisecond", "ms", "rate", "byte", "kb", "kib", "mb", "mib", "kilobyte", "megabyte", "character", "char",
        "length", "depth", "nested", "nesting", "level", "timeout", "ttl", "age", "lifetime", "retention", "expiration", "detail", "job", "export", "alert", "rule",
    ];

    public static ImmutableArray<LimitDefinition> All { get; } =
    [
        new(LimitKind.RequestsPerMinute, Platform, "requests per minute and token", 15) { Key = "client.credentials.token.rate.per.minute" },
        new(LimitKind.Predicates, RealTime, "predicates of a query for the state of queues", 10)
        {
            Words = ["predicate"],
            OtherWords = ["query", "filter", "request", "observation", "activity", "queue", "conversation"],
            Sentence = ["predicate"],
            Excluded = ["clause", "group", "aggregate", "aggregation"],
        },
        new(LimitKind.TopicsPerChannel, Notifications, "topics of a notification channel", 50)
        {
            Words = ["topic", "channel"],
            OtherWords = ["notification", "subscription", "websocket"],
            Sentence = ["topic", "channel"],
            Excluded = ["message", "event", "connection"],
        },
        new(LimitKind.Channels, Notifications, "notification channels", 2)
        {
            Words = ["channel"],
            OtherWords = ["notification", "websocket", "user", "app", "application", "client", "oauth", "token", "active", "open"],
            Sentence = ["channel"],
            Excluded = ["topic", "subscription", "message", "event", "connection", "socket", "webhook"],
        },
        new(LimitKind.ActivityPageSize, RealTime, "groups of a page of an activity query", 25)
        {
            Words = ["activity", "page", "size"],
            OtherWords = ["query", "request", "result", "group", "conversation", "routing", "queue", "user"],
            Sentence = ["page", "activity"],
            Excluded = ["observation"],
        },
    ];

    public static ImmutableArray<string> Namespaces { get; } = [.. All.Select(definition => definition.Namespace).Distinct()];

    /// <summary>The key, if it is known; then no words are compared.</summary>
    public string? Key { get; private init; }

    private ImmutableArray<string> Words { get; init; } = [];

    private ImmutableHashSet<string> OtherWords { get; init; } = [];

    private ImmutableArray<string> Sentence { get; init; } = [];

    private ImmutableHashSet<string> Excluded { get; init; } = [];

    public static LimitDefinition Of(LimitKind kind) => All.First(definition => definition.Kind == kind);

    /// <param name="description">Null if there is none. One that is about something else outweighs the key.</param>
    public bool IsMeantByKey(string key, string? description)
    {
        if (Key is not null)
        {
            return key == Key;
        }

        var words = WordsOf(key);
        return Words.All(words.Contains) && words.All(word => Words.Contains(word) || OtherWords.Contains(word) || Neutral.Contains(word)) && !IsForeign(WordsOf(description));
    }

    public bool IsMeantByDescription(string key, string? description)
    {
        var words = WordsOf(description);
        if (Key is not null || IsForeign(words) || IsForeign(WordsOf(key)))
        {
            return false;
        }

        var counted = words.IndexOf(Sentence[0]);
        return counted > 0
            && words.Take(counted).TakeLast(WordsBefore).Any(Quantities.Contains)
            && words.Skip(counted).Where(Sentence.Contains).Distinct().SequenceEqual(Sentence, StringComparer.Ordinal);
    }

    private bool IsForeign(List<string> words) => words.Exists(word => Foreign.Contains(word) || Excluded.Contains(word));

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
