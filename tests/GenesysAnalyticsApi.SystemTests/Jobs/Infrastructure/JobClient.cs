using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;

/// <summary>A caller that uses jobs.</summary>
internal sealed class JobClient(HttpClient client, string? key = null)
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? prefer = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestCancellation);
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, string? prefer = null)
    {
        using var response = await SendAsync(HttpMethod.Get, path, prefer);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestCancellation));
    }

    /// <summary>Submits a query that must become a job.</summary>
    /// <returns>The address of the job.</returns>
    public async Task<string> SubmitAsync(string query)
    {
        using var response = await SendAsync(HttpMethod.Get, query, "respond-async");
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(TestCancellation));
        return response.Headers.Location!.ToString();
    }

    public async Task<JsonElement> StateAsync(string job)
    {
        var (status, body) = await GetAsync(job);
        status.ShouldBe(HttpStatusCode.OK, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public async Task<string> StateNameAsync(string job) => (await StateAsync(job)).GetProperty("state").GetString()!;

    public async Task<int> DoneAsync(string job) => (await StateAsync(job)).GetProperty("progress").GetProperty("done").GetInt32();

    public async Task<HttpStatusCode> CancelAsync(string job)
    {
        using var response = await SendAsync(HttpMethod.Delete, job);
        return response.StatusCode;
    }

    /// <summary>Waits until the job has ended.</summary>
    /// <param name="advance">Advances the clock, if the job waits for it.</param>
    public async Task<JsonElement> EndAsync(string job, Action? advance = null)
    {
        JsonElement state = default;
        await Eventually.IsTrueAsync(
            async () =>
            {
                advance?.Invoke();
                state = await StateAsync(job);
                return state.GetProperty("endedAt").ValueKind != JsonValueKind.Null;
            },
            "the job ends");
        return state;
    }

    /// <summary>Runs a query as a job and returns its result.</summary>
    public async Task<string> ResultAsync(string query, string format = "json")
    {
        var job = await SubmitAsync(query);
        (await EndAsync(job)).GetProperty("state").GetString().ShouldBe("succeeded");
        var (status, body) = await GetAsync($"{job}/result?format={format}");
        status.ShouldBe(HttpStatusCode.OK, body);
        return body;
    }
}
