using System.Globalization;
using CsCheck;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Parameter values as they appear in a URL, including escapes: valid, almost valid and absurd ones.</summary>
internal static class GenValue
{
    private static readonly string[] Odd =
    [
        "", "0", "-1", "1e308", "NaN", "-Infinity", "9223372036854775808", "2147483648", "null", "undefined", "true", "false", "TRUE", "*", "%", "%zz", "%2", "%u0041",
        "%00", "a%00b", "%0d%0aSet-Cookie:%20a=b", "%0d%0a%0d%0a<html>", "%0A09:15:00%20FTL%20forged", "%1b[2J", "%1B%5D0;owned%07", "%7f", "%C2%85", "%C2%9b31m",
        "%E2%80%AE", "%E2%80%A8", "%E2%81%A6%E2%81%A9", "%EF%BB%BF", "%EF%BF%BF", "%ED%A0%80", "%ED%B0%80x", "%F0%9F%98", "%F0%9F%98%80", "%FF%FE", "%C0%AF", "%C0%80",
        "%F4%90%80%80", "{0}", "{{", "{PropertyName}", "{PropertyValue:0}", "%7B@x%7D", "..%2f..%2fetc%2fpasswd", "..%5c..", "%2e%2e", "%252e%252e", "+", "%2B", "%20", "%20%20",
        "'%20OR%201=1--", "%22%3E%3Cscript%3E", "$%7Bjndi:ldap://x%7D", "http://elsewhere.invalid/", "//elsewhere.invalid", "file:///etc/passwd", "=", "==", ",", ",,", "/", "\\",
        "%3F", "%26", "%23", "%D9%A1%D9%A2", "%EF%BC%91", "%CC%81%CC%81%CC%81", "Z%CC%B7", "gaa_0123456789abcdefghijklmnopqrstuvwxyzABCDEF0", "I%CC%87", "%C4%B0", "%C3%9F",
    ];

    private static readonly string[] Words =
    [
        "voice", "callback", "chat", "email", "message", "video", "unknown", "hologram", "inbound", "outbound", "queueId", "mediaType", "divisionId", "none", "zero", "allow", "deny",
        "true", "false", "tTalk", "tAlert", "nConsult", "oServiceLevel", "nConversations", "tHandle", "nOffered", "today", "yesterday", "this-week", "last-week", "this-month",
        "last-month", "last-7-days", "last-28-days", "last-30-days", "this-quarter", "last-year", "YESTERDAY", "24h", "30m", "1M", "daily", "pt24h", "PT60M", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Etc/GMT+12", "Asia/Kathmandu", "CET", "W.%20Europe",
        "PT5M", "PT10M", "PT15M", "PT30M", "PT1H", "PT2H", "PT3H", "PT4H", "PT6H", "PT8H", "PT12H", "P1D", "P1W", "P1M", "PT1M", "PT24H", "P7D", "PT90M", "Billing", "sales*", "*north*", "S*",
    ];

    public static readonly Gen<string> Escaped = Gen.Byte.Array[0, 30].Select(bytes => string.Concat(bytes.Select(one => $"%{one:X2}")));

    /// <summary>Visible characters except those that end a value, a query or a URL.</summary>
    public static readonly Gen<string> Visible = Gen.Char['!', '~'].Where(letter => letter is not ('#' or '&' or '?')).Array[0, 30].Select(letters => new string(letters));

    public static readonly Gen<string> Long =
        from piece in GenChoice.OneOf("a", "*", "a*", "*a*", ",", "1,", "%2a", "%F0%9F%98%80", "9", "%00", "x%20", "(", "[", "gaa_", "eyJ", "://", "Bearer%20", "key")
        from size in GenChoice.OneOf(50, 200, 1_000, 3_000, 9_000, 17_000)
        select string.Concat(Enumerable.Repeat(piece, size / piece.Length));

    public static readonly Gen<string> QueueId = Gen.Frequency(
        (4, GenChoice.OneOf(FakeEvents.QueueIds)),
        (1, GenChoice.OneOf(FakeEvents.QueueIds).Select(id => id.ToUpperInvariant())),
        (1, Gen.Guid.Select(id => id.ToString())),
        (1, Gen.Guid.Select(id => id.ToString("B"))),
        (1, Gen.Guid.Select(id => id.ToString("N"))));

    public static readonly Gen<string> Date =
        from year in GenChoice.OneOf("2026", "2026", "2026", "2026", "2025", "2027", "2012", "2011", "1969", "0000", "0001", "9999", "10000", "-0001", "%2B12026", "-9998")
        from month in GenChoice.OneOf("11", "11", "10", "03", "04", "02", "01", "12", "13", "00", "1")
        from day in GenChoice.OneOf("01", "02", "22", "23", "25", "29", "30", "31", "32", "00", "8")
        from time in GenChoice.OneOf("", "T00:00:00", "T00:00", "T02:30:00", "T09:15", "T23:59:59.999", "T24:00:00", "T25:00", "T09:60", "T23:59:60", "%2009:15", "t08:00:00.123456789", "T", "T9")
        from offset in GenChoice.OneOf("", "Z", "Z", "Z", "z", "%2B00:00", "+01:00", "%2B01:00", "-05:00", "%2B14:00", "-18:00", "%2B25:00", "%2B5", "ZZ", "[Europe/Berlin]")
        from relative in Gen.Frequency((4, Gen.Const("")), (1, GenChoice.OneOf(
            "now", "now-24h", "now/d", "now-7d/d", "now-1M/M", "now+1d", "now-1d/d+8h", "now-1x", "now/", "now-99999999999h", "now-999999999y", "1792966520", "1792966520123", "179296652012")))
        select relative.Length > 0 ? relative : $"{year}-{month}-{day}{time}{offset}";

    public static readonly Gen<string> Interval = Gen.Select(Date, GenChoice.OneOf("/", "/", "/", "//", "%2F", "--", "/P1D/"), Date).Select((from, slash, to) => from + slash + to);

    public static readonly Gen<string> Period = Gen.Frequency(
        (2, GenChoice.OneOf("PT24H", "P7D", "PT90M", "PT0S", "P0D", "PT5M", "P1M", "P1Y", "P400D", "P401D", "P3000Y", "P-1D", "-P1D", "PT-5M", "P1Y2M3W4DT5H6M7.89S", "P", "PT", "24h")),
        (1, Gen.Select(Gen.Long, GenChoice.OneOf("P{0}Y", "P{0}M", "P{0}W", "P{0}D", "PT{0}H", "PT{0}M", "PT{0}S", "PT0.{0}S")).Select((number, form) => form.Replace("{0}", Text(number), StringComparison.Ordinal))),
        (1, Gen.Int[0, 20_000].Select(minutes => $"PT{Text(minutes)}M")));

    public static readonly Gen<string> Number = Gen.Frequency(
        (2, Gen.Int[0, 1_200].Select(number => Text(number))), (1, Gen.Long.Select(Text)), (1, Gen.Double.Select(number => number.ToString("R", CultureInfo.InvariantCulture))),
        (1, GenChoice.OneOf("00001", "%2B5", "1_000", "1,000", "0x10", "1.0", "%201", "1%20", "٣")));

    public static readonly Gen<string> Zone = Gen.Frequency((3, GenChoice.OneOf([.. DateTimeZoneProviders.Tzdb.Ids])), (1, GenChoice.OneOf("utc", "Europe/Berln", "GMT%2B1", "%2B01:00", "+05:30", "-03:30", "UTC%2B14", "%2B14:15", "India%20Standard%20Time", "Z", "local")));

    public static readonly Gen<string> Word = Gen.Frequency((4, GenChoice.OneOf(Words)), (1, Mutated(GenChoice.OneOf(Words))));

    public static readonly Gen<string> Absurd = Gen.Frequency((6, GenChoice.OneOf(Odd)), (2, Escaped), (2, Visible), (1, Long));

    public static readonly Gen<string> Any = Gen.Frequency((3, Word), (1, QueueId), (1, Date), (1, Interval), (1, Period), (1, Number), (1, Zone), (3, Absurd));

    /// <summary>One item or several, separated by commas or by common mistakes for commas.</summary>
    public static Gen<string> ListOf(Gen<string> item) =>
        Gen.Frequency((3, item), (2, Gen.Select(item.Array[1, 6], GenChoice.OneOf(",", ",", ",", "%2C", ", ", ";", ",,")).Select((items, comma) => string.Join(comma.Replace(" ", "%20", StringComparison.Ordinal), items))));

    private static Gen<string> Mutated(Gen<string> word) =>
        Gen.Select(word, Gen.Int[0, 40], Gen.Char['!', '~']).Select((text, at, letter) =>
            letter is '#' or '&' or '?' ? text.ToUpperInvariant() : text[..(at % (text.Length + 1))] + letter + text[(at % (text.Length + 1))..]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
