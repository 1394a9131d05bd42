using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Rules that every response obeys, whatever the request.</summary>
internal static class ResponseRules
{
    private const int MaxProblemBytes = 32 * 1024;

    private static readonly int[] Known = [200, 202, 206, 301, 302, 304, 400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 422, 429, 501];

    private static readonly string[] Pages = [.. ProblemType.All.Select(type => $"/problems/{type.Name}")];

    private static readonly SearchValues<char> ControlCharacters = SearchValues.Create(
        [.. Enumerable.Range(0, 0xa0).Select(code => (char)code).Where(char.IsControl), .. "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]);

    public static void Check(FuzzedRequest request, FuzzedResponse response)
    {
        Known.ShouldContain((int)response.Status);
        foreach (var (name, value) in response.Headers)
        {
            $"{name}: {value}".AsSpan().ContainsAnyExceptInRange(' ', '~').ShouldBeFalse($"{name}: {value}");
        }

        var body = Decoded(response);
        switch ((int)response.Status)
        {
            case 304:
                body.ShouldBeEmpty();
                response.Header("ETag").ShouldNotBeNull();
                break;
            case >= 400 when request.Method == "HEAD":
                body.ShouldBeEmpty();
                response.Header("Content-Type").ShouldBe("application/problem+json");
                break;
            case >= 400:
                CheckProblem(request, response, body);
                break;
            case 200 when request.Method != "HEAD" && response.Header("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) == true:
                ResponseShapes.Check(request, Parsed(body));
                break;
        }
    }

    private static void CheckProblem(FuzzedRequest request, FuzzedResponse response, byte[] body)
    {
        response.Header("Content-Type").ShouldBe("application/problem+json");
        response.Header("Cache-Control")!.Split(',').ShouldContain("no-store");
        body.Length.ShouldBeLessThan(MaxProblemBytes);
        var problem = Parsed(body);
        Pages.ShouldContain(problem.GetProperty("type").GetString()!);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("status").GetInt32().ShouldBe((int)response.Status);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
        CheckTexts(problem);
        if (problem.TryGetProperty("errors", out var errors))
        {
            RefusedParameters.Check(request, errors);
        }
    }

    /// <summary>No text contains control characters or a key.</summary>
    private static void CheckTexts(JsonElement part)
    {
        switch (part.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in part.EnumerateObject())
                {
                    CheckText(member.Name);
                    CheckTexts(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in part.EnumerateArray())
                {
                    CheckTexts(item);
                }

                break;
            case JsonValueKind.String:
                CheckText(part.GetString()!);
                break;
        }
    }

    private static void CheckText(string text)
    {
        text.AsSpan().ContainsAny(ControlCharacters).ShouldBeFalse(text);
        text.Contains("gaa_0123456789", StringComparison.Ordinal).ShouldBeFalse(text);
    }

    /// <exception cref="JsonException">The body is not JSON; NaN and Infinity are not allowed.</exception>
    private static JsonElement Parsed(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    private static byte[] Decoded(FuzzedResponse response)
    {
        using Stream? coded = response.Header("Content-Encoding") switch
        {
            null => null,
            "br" => new BrotliStream(new MemoryStream(response.Body), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(response.Body), CompressionMode.Decompress),
            var other => throw new InvalidOperationException($"Unexpected content encoding: {other}"),
        };
        if (coded is null)
        {
            return response.Body;
        }

        using var plain = new MemoryStream();
        coded.CopyTo(plain);
        return plain.ToArray();
    }
}
