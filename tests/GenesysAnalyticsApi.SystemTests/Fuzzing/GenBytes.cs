using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>The bytes that are sent to a socket: requests of every kind, truncated, concatenated and mixed up, and noise. One character per byte.</summary>
internal static class GenBytes
{
    private static readonly string[] Lines =
    [
        "GET /aggregates?last=PT1H HTTP/1.1", "GET /aggregates HTTP/1.0", "GET /health/live HTTP/1.1", "GET  /health/live HTTP/1.1", "GET /health/live", "GET /health/live HTTP/9.9", "GET /health/live HTTP/2.0",
        "get /queues HTTP/1.1", "GET http://elsewhere.invalid/queues HTTP/1.1", "GET http://user:planted@localhost/queues HTTP/1.1", "GET https://elsewhere.invalid:99999/ HTTP/1.1", "CONNECT elsewhere.invalid:443 HTTP/1.1",
        "OPTIONS * HTTP/1.1", "GET queues HTTP/1.1", "GET * HTTP/1.1", "GET /queues/\0 HTTP/1.1", "GET /queues/%00 HTTP/1.1", "GET /queues/\u00ff\u00fe HTTP/1.1", "GET /queues?name=\u00e2\u0080\u00ae HTTP/1.1",
        "GET /queues#x HTTP/1.1", "GET /../../etc/passwd HTTP/1.1", "GET /queues?a\tb HTTP/1.1", "POST /aggregates HTTP/1.1", "PRI * HTTP/2.0", "\u0016\u0003\u0001\u0002\0\u0001\0", "", " ", "GET", "SSH-2.0-x",
    ];

    private static readonly string[] Headers =
    [
        "Host: localhost", "Host: localhost", "Host: localhost", "Host: elsewhere.invalid", "Host:", "Host: localhost\r\nHost: localhost", "Host : localhost", "Content-Length: 5", "Content-Length: -1", "Content-Length: 5, 6",
        "Content-Length: 99999999999999999999", "Content-Length: 2000000", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked\r\nContent-Length: 3", "Expect: 100-continue", "Connection: close",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA", "X-Odd: a\u0001b", "X-Odd: a\u001b[2J", "X-Odd: \u00ff\u00fe", "X-Odd: a\r b", "X-Odd: a\n b", " folded: x", "no colon", ": empty", "X\u0080: y", "Accept: \u00e2\u0080\u00ae",
        "X-Api-Key: gaa_wrong", "Authorization: Bearer x", "X-Forwarded-Host: elsewhere.invalid", "Range: bytes=0-1", "Cookie: " + new string('c', 9_000), "X-Long: " + new string('x', 40_000),
    ];

    private static readonly Gen<string> Noise = Gen.Byte.Array[0, 60].Select(bytes => Encoding.Latin1.GetString(bytes));

    private static readonly Gen<string> Body = Gen.Frequency(
        (3, Gen.Const("")), (2, GenChoice.OneOf("5\r\nhello\r\n0\r\n\r\n", "0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n", "-1\r\n", "5\r\nhel", "5;x=\"\r\nhello\r\n0\r\nX-Trailer: y\r\n\r\n", "hello", "zz\r\n")), (1, Noise));

    private static readonly Gen<string> Request =
        from line in Gen.Frequency((5, GenChoice.OneOf(Lines)), (5, GenRequest.Any.Select(request => $"{request.Method} {request.Target} HTTP/1.1")), (1, Noise))
        from headers in GenChoice.OneOf(Headers).Array[0, 4]
        from more in GenRequest.Any.Select(request => request.Headers.Select(header => $"{header.Name}: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(header.Value))}"))
        from end in GenChoice.OneOf("\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r")
        from body in Body
        select string.Join(end, [line, .. headers, .. more]) + end + end + body;

    /// <summary>Complete requests, several in a row, and requests that stop or go wrong in the middle.</summary>
    public static readonly Gen<string> Any = Gen.Frequency(
        (4, Request),
        (1, Gen.Select(Request, Request).Select((first, second) => first + second)),
        (2, Gen.Select(Request, Gen.Int[0, 2_000]).Select((request, at) => request[..Math.Min(request.Length, at)])),
        (1, Gen.Select(Request, Noise, Gen.Int[0, 2_000]).Select((request, noise, at) => request.Insert(Math.Min(request.Length, at), noise))),
        (1, Noise));
}
