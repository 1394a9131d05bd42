using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;

/// <summary>A subscriber of GET /observations/stream that applies every event to its records.</summary>
internal sealed class StreamSubscriber : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _events;
    private Task<bool>? _next;

    private StreamSubscriber(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _events = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    /// <summary>The records by queue and media type, without the durations, because these grow.</summary>
    public Dictionary<(string? QueueId, string? MediaType), string> Records { get; } = [];

    /// <summary>The names of all events so far.</summary>
    public List<string> Names { get; } = [];

    public string? LastEventId { get; private set; }

    public JsonElement Data { get; private set; }

    public JsonElement Meta => Data.GetProperty("meta");

    public HttpResponseMessage Response => _response;

    public static async Task<HttpResponseMessage> RequestAsync(HttpClient client, string path = "/observations/stream", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public static async Task<StreamSubscriber> OpenAsync(HttpClient client, string path = "/observations/stream", string? lastEventId = null)
    {
        var response = await RequestAsync(client, path, lastEventId);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {(int)response.StatusCode}");
        return new StreamSubscriber(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Reads the next event.</summary>
    /// <param name="clock">A clock to advance until an event arrives; null if one has already arrived.</param>
    /// <returns>Null at the end of the stream.</returns>
    public async Task<string?> NextAsync(FakeTimeProvider? clock = null)
    {
        _next ??= _events.MoveNextAsync().AsTask();
        while (clock is not null && await Task.WhenAny(_next, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System)) != _next)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var hasOne = await _next;
        _next = null;
        if (!hasOne)
        {
            return null;
        }

        Apply(_events.Current);
        return _events.Current.EventType;
    }

    /// <summary>Reads until an event has the name.</summary>
    public async Task ReadUntilAsync(string name, FakeTimeProvider? clock = null)
    {
        while (await NextAsync(clock) is { } next && next != name)
        {
            Names.Count.ShouldBeLessThan(1_000);
        }
    }

    /// <summary>The records of a response, in the form of <see cref="Records"/>.</summary>
    public static Dictionary<(string? QueueId, string? MediaType), string> RecordsOf(JsonElement body) =>
        body.GetProperty("records").EnumerateArray().ToDictionary(KeyOf, TimelessOf);

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        try
        {
            if (_next is not null)
            {
                await _next;
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            // The response was closed.
        }

        await _events.DisposeAsync();
    }

    private void Apply(SseItem<string> received)
    {
        Names.Add(received.EventType);
        LastEventId = received.EventId ?? LastEventId;
        Data = JsonSerializer.Deserialize<JsonElement>(received.Data);
        if (received.EventType == "snapshot")
        {
            Records.Clear();
        }

        if (received.EventType is "snapshot" or "change")
        {
            foreach (var (key, record) in RecordsOf(Data))
            {
                Records[key] = record;
            }
        }

        if (received.EventType == "change")
        {
            foreach (var removed in Data.GetProperty("removed").EnumerateArray())
            {
                Records.Remove(KeyOf(removed));
            }
        }
    }

    private static (string? QueueId, string? MediaType) KeyOf(JsonElement record) => (TextOf(record, "queueId"), TextOf(record, "mediaType"));

    private static string? TextOf(JsonElement record, string name) => record.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static string TimelessOf(JsonElement record) =>
        string.Join(',', record.EnumerateObject().Where(member => !member.Name.StartsWith("longest", StringComparison.Ordinal)).Select(member => $"{member.Name}={member.Value.GetRawText()}"));
}
