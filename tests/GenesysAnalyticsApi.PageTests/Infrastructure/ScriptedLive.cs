using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.PageTests.Infrastructure;

/// <summary>
/// Takes the place of the service for the current state and the alerts, so that a test controls what happens, when, and what fails. Like the service, it
/// sends a snapshot first on each new connection.
/// </summary>
internal sealed class ScriptedLive : IAsyncDisposable
{
    /// <summary>Queues that the directory does not list, so that the page takes their names from the records.</summary>
    public static readonly string[] QueueIds = [.. Enumerable.Range(1, 12).Select(number => $"00000000-0000-4000-8000-{number:D12}")];

    private readonly ConcurrentDictionary<Connection, bool> _open = [];
    private WebApplication _server = null!;
    private Uri _address = null!;
    private int _lastId;

    /// <summary>The records of a snapshot and of GET /observations.</summary>
    public List<Dictionary<string, object?>> Records { get; set; } = [];

    public List<Dictionary<string, object?>> Alerts { get; set; } = [];

    public Dictionary<string, object?> Meta { get; set; } = MetaOf();

    public List<string> Warnings { get; set; } = [];

    /// <summary>The status of the stream. The next two properties are those of GET /observations and GET /alerts.</summary>
    public int StreamStatus { get; set; } = 200;

    public int ObservationsStatus { get; set; } = 200;

    public int AlertsStatus { get; set; } = 200;

    /// <summary>Whether it accepts connections without sending anything.</summary>
    public bool IsSilent { get; set; }

    /// <summary>The connections to the stream: their query strings, the header Last-Event-ID and the API key.</summary>
    public ConcurrentQueue<(string Query, string? LastEventId, string? Key)> Connections { get; } = [];

    public int Polls { get; private set; }

    /// <summary>Takes the place of the service for a page that is not open yet.</summary>
    public static async Task<ScriptedLive> InsteadOfAsync(OpenedPage opened)
    {
        var live = new ScriptedLive();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        live._server = builder.Build();
        live._server.Urls.Add("http://127.0.0.1:0");
        live._server.MapGet("/observations/stream", live.StreamAsync);
        live._server.MapGet("/observations", live.ObservationsAsync);
        live._server.MapGet("/alerts", live.AlertsAsync);
        await live._server.StartAsync(TestContext.Current.CancellationToken);
        live._address = new Uri(live._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        opened.EndWith(live);
        await opened.Page.RouteAsync(
            url => new Uri(url).AbsolutePath is "/observations/stream" or "/observations" or "/alerts",
            route => route.ContinueAsync(new() { Url = new Uri(live._address, new Uri(route.Request.Url).PathAndQuery).ToString() }));
        return live;
    }

    /// <summary>The conversations of a queue and media type.</summary>
    public static Dictionary<string, object?> ConversationsOf(int queue, string mediaType, int waiting, long longestWaitMs = 0, int alerting = 0, int interacting = 0, string? name = null) => new()
    {
        ["queueId"] = QueueIds[queue],
        ["queueName"] = name ?? $"Queue {queue}",
        ["mediaType"] = mediaType,
        ["waiting"] = waiting,
        ["interacting"] = interacting,
        ["alerting"] = alerting,
        ["longestWaitMs"] = longestWaitMs,
        ["longestInteractionMs"] = 0,
    };

    /// <summary>The same record, for a queue that the directory lists.</summary>
    public static Dictionary<string, object?> Of(string queueId, Dictionary<string, object?> record) => new(record) { ["queueId"] = queueId };

    /// <summary>The agents of a queue.</summary>
    public static Dictionary<string, object?> AgentsOf(int queue, int onQueue, int idle) => new()
    {
        ["queueId"] = QueueIds[queue],
        ["queueName"] = $"Queue {queue}",
        ["onQueueUsers"] = onQueue,
        ["activeUsers"] = onQueue + 2,
        ["memberUsers"] = onQueue + 5,
        ["offQueueUsers"] = 2,
        ["usersByPresence"] = new Dictionary<string, int> { ["ON_QUEUE"] = onQueue, ["BREAK"] = 2 },
        ["usersByRoutingStatus"] = new Dictionary<string, int> { ["IDLE"] = idle, ["INTERACTING"] = onQueue - idle, ["OFF_QUEUE"] = 2 },
    };

    public static Dictionary<string, object?> MetaOf(long ageMs = 2000, bool complete = true, bool repaired = false) =>
        new() { ["asOf"] = "2026-11-23T09:15:18Z", ["ageMs"] = ageMs, ["complete"] = complete, ["source"] = "polling", ["repaired"] = repaired };

    public static Dictionary<string, object?> AlertOf(int queue, string state, string figure, double value, double threshold, string since, bool complete = true, long ageMs = 2000, string? name = null) => new()
    {
        ["rule"] = $"Rule of {figure}",
        ["state"] = state,
        ["queueId"] = QueueIds[queue],
        ["queueName"] = name ?? $"Queue {queue}",
        ["figure"] = figure,
        ["value"] = value,
        ["threshold"] = threshold,
        ["comparison"] = "above",
        ["since"] = since,
        ["ageMs"] = ageMs,
        ["complete"] = complete,
        ["detail"] = "",
    };

    /// <summary>Sends changed records to all connections, and keeps them for later ones.</summary>
    public void Change(params Dictionary<string, object?>[] records)
    {
        foreach (var record in records)
        {
            Records.RemoveAll(one => KeyOf(one) == KeyOf(record));
            Records.Add(record);
        }

        Send("change", new { records, removed = Array.Empty<object>(), warnings = WarningsNow(), meta = Meta });
    }

    public void Remove(Dictionary<string, object?> record)
    {
        Records.RemoveAll(one => KeyOf(one) == KeyOf(record));
        Send("change", new { records = Array.Empty<object>(), removed = new[] { new { queueId = record["queueId"], mediaType = record.GetValueOrDefault("mediaType") } }, warnings = WarningsNow(), meta = Meta });
    }

    public void Heartbeat() => Send("heartbeat", new { meta = Meta });

    /// <summary>Breaks all connections.</summary>
    public void Break()
    {
        foreach (var connection in _open.Keys)
        {
            connection.Context.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Break();
        await _server.DisposeAsync();
    }

    private static string KeyOf(Dictionary<string, object?> record) => $"{record["queueId"]} {record.GetValueOrDefault("mediaType")}";

    private IEnumerable<object> WarningsNow() => Warnings.Select(message => new { code = "missing", message });

    private object Snapshot() => new { query = new { }, records = Records, warnings = WarningsNow(), meta = Meta };

    private void Send(string name, object data)
    {
        foreach (var connection in _open.Keys)
        {
            connection.Events.Writer.TryWrite(Event(name, data));
        }
    }

    private string Event(string name, object data) =>
        $"event: {name}\nid: {Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture)}\ndata: {JsonSerializer.Serialize(data)}\n\n";

    private async Task StreamAsync(HttpContext context)
    {
        Connections.Enqueue((context.Request.QueryString.Value ?? "", context.Request.Headers["Last-Event-ID"].FirstOrDefault(), context.Request.Headers["X-Api-Key"].FirstOrDefault()));
        if (StreamStatus != 200)
        {
            await Results.Problem(statusCode: StreamStatus).ExecuteAsync(context);
            return;
        }

        var connection = new Connection(context);
        _open[connection] = true;
        try
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (!IsSilent)
            {
                connection.Events.Writer.TryWrite(Event("snapshot", Snapshot()));
            }

            await foreach (var text in connection.Events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(text, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The page has disconnected, or the test has broken the connection.
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    private Task ObservationsAsync(HttpContext context)
    {
        Polls++;
        context.Response.Headers.CacheControl = "private, max-age=10";
        return (ObservationsStatus == 200 ? Results.Json(Snapshot(), new JsonSerializerOptions()) : Results.Problem(statusCode: ObservationsStatus)).ExecuteAsync(context);
    }

    private Task AlertsAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "private, max-age=10";
        return (AlertsStatus == 200 ? Results.Json(new { alerts = Alerts, meta = Meta }, new JsonSerializerOptions()) : Results.Problem(statusCode: AlertsStatus)).ExecuteAsync(context);
    }

    private sealed record Connection(HttpContext Context)
    {
        public Channel<string> Events { get; } = Channel.CreateUnbounded<string>();
    }
}
