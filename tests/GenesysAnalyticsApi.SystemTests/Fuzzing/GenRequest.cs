using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Requests: mostly a plain GET, occasionally with anything that a client, a proxy or an attacker adds.</summary>
internal static class GenRequest
{
    private static readonly string[] Names =
    [
        "Accept", "Accept", "Accept-Encoding", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-None-Match", "If-Match", "If-Modified-Since", "If-Range", "Range", "X-Api-Key",
        "Authorization", "Prefer", "Content-Type", "Content-Encoding", "Cookie", "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "X-Forwarded-For",
        "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-HTTP-Method-Override", "Forwarded", "Via", "traceparent", "tracestate", "baggage", "Correlation-Context", "Request-Id", "Expect", "Upgrade",
        "Connection", "TE", "User-Agent", "Referer", "X-Odd",
    ];

    private static readonly string[] Values =
    [
        "", "*", "*/*", "application/json", "application/*;q=0.5", "text/csv", "text/html, */*;q=0", "application/json;q=0", "a/b;q=1.0000000", "application/json;charset=\"", "/", "gzip", "br", "br;q=1, gzip;q=0.5",
        "identity;q=0, *;q=0", "gzip;q=NaN", "zstd", "\"\"", "W/\"x\"", "*, \"a\"", "W/", "\"", "bytes=0-", "bytes=0-0,2-3", "bytes=-99999999999999999999", "bytes=9-1", "gaa_wrong", "Bearer x", "Bearer ", "Basic eDp5",
        "Bearer eyJhbGciOiJub25lIn0.e30.", "Digest", "respond-async", "application/json; charset=utf-16", "multipart/form-data; boundary=", "http://elsewhere.invalid", "elsewhere.invalid", "127.0.0.1, 10.0.0.1", "https",
        "for=\"[::1]\";host=elsewhere.invalid", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-00000000000000000000000000000000-0000000000000000-00", "ff-x", "100-continue", "h2c", "websocket",
        "close", "keep-alive, X-Api-Key", "Thu, 01 Jan 1970 00:00:00 GMT", "DELETE", "%0d%0aX-A: b", "\\r\\nX-A: b", "{0}", "日本語", "\u202e\u2066", "${jndi:ldap://x}",
    ];

    private static readonly Gen<(string Name, string Value)> Header = Gen.Frequency(
        (1, Gen.Const(("X-Api-Key", FuzzedService.LimitedKey))),
        (9, Gen.Select(
            GenChoice.OneOf(Names),
            Gen.Frequency(
                (8, GenChoice.OneOf(Values)), (1, GenValue.Visible), (1, Gen.Select(GenChoice.OneOf(Values), GenChoice.OneOf(50, 500)).Select((value, times) => string.Join(", ", Enumerable.Repeat(value, times))))))));

    private static readonly Gen<string> Body = Gen.Frequency(
        (3, GenChoice.OneOf("{}", "[]", "null", "{\"from\":1}", "{\"queueId\":[{}]}", "{\"last\":\"PT1H\",\"last\":\"PT1H\"}", "{\"a\":1e999}", "from=2026-11-01", "\ufeff{}", "{", "NaN")),
        (1, GenChoice.OneOf(100, 5_000, 50_000).Select(deep => new string('[', deep) + new string(']', deep))),
        (1, Gen.Byte.Array[0, 100].Select(bytes => string.Concat(bytes.Select(one => (char)one)))),
        (1, Gen.Const(new string('x', (1024 * 1024) + 1))));

    private static readonly Gen<string> Value = Gen.Frequency(
        (4, GenValue.Any.Select(Text)), (2, GenValue.Any.Array[0, 4].Select(items => $"[{string.Join(',', items.Select(Text))}]")),
        (1, GenChoice.OneOf("60", "true", "null", "{}", "[[]]", "-1", "1e400", "\"\\ud800\"", "\"\\u0000\"", "")));

    /// <summary>A query in a body: mostly valid JSON with the names of parameters.</summary>
    private static readonly Gen<FuzzedRequest> QueryInBody =
        from members in Gen.Select(GenChoice.OneOf([.. AggregatesParameters.Names, "form", "queues", "__proto__"]), Value).Array[0, 6]
        from body in Gen.Frequency((6, Gen.Const($"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}")), (1, Body))
        from type in GenChoice.OneOf("application/json", "application/json", "application/json; charset=utf-8", "text/plain", "")
        from headers in Gen.Frequency((3, Gen.Const(Array.Empty<(string, string)>())), (1, Header.Array[1, 3]))
        select new FuzzedRequest("POST", "/aggregates/query", [("Content-Type", type), .. headers], body);

    private static readonly Gen<FuzzedRequest> AnyTarget =
        from method in Gen.Frequency((30, Gen.Const("GET")), (4, GenChoice.OneOf("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "QUERY", "G\"ET", "PROPFIND")))
        from target in GenTarget.Any
        from headers in Gen.Frequency((3, Gen.Const(Array.Empty<(string, string)>())), (2, Header.Array[1, 4]))
        from body in method == "GET" ? Gen.Frequency((40, Gen.Const("")), (1, Body)) : Gen.Frequency((1, Gen.Const("")), (2, Body))
        select new FuzzedRequest(method, target, headers, body);

    public static readonly Gen<FuzzedRequest> Any = Gen.Frequency((12, AnyTarget), (1, QueryInBody));

    // The values are escaped for a URL.
    private static string Text(string value) => JsonSerializer.Serialize(Uri.UnescapeDataString(value));
}
