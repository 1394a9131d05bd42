using System.Globalization;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Queues.Infrastructure;

/// <summary>A fake Genesys with only a list of queues. A test can change its replies between reads.</summary>
internal sealed class ScriptedQueues : IGenesysGateway
{
    private int _calls;

    public int Calls => _calls;

    public Func<int, CancellationToken, Task<ListPage<GenesysQueue>>> Reply { get; set; } = (_, _) => throw new InvalidOperationException("Nothing is scripted.");

    public static ScriptedQueues Listing(params GenesysQueue[][] pages) => new() { Reply = Pages(pages) };

    /// <summary>Pages as Genesys numbers them. Without queues, there is one empty page.</summary>
    public static Func<int, CancellationToken, Task<ListPage<GenesysQueue>>> Pages(params GenesysQueue[][] pages) =>
        (number, _) => Task.FromResult(new ListPage<GenesysQueue>(pages is [] ? [] : pages[number - 1], number, pages.Length, HasNext: number < pages.Length));

    public static Func<int, CancellationToken, Task<ListPage<GenesysQueue>>> Failing(GenesysFailureKind kind) =>
        (_, _) => Task.FromException<ListPage<GenesysQueue>>(new GenesysException(new GenesysFailure(kind, $"Scripted {kind}.")));

    /// <summary>The directory of a service that uses this Genesys.</summary>
    public QueueDirectory Directory(TimeProvider clock, ISharedDirectory<QueueEntry>? shared = null) =>
        new(this, shared ?? new UnsharedDirectory<QueueEntry>(), Options.Create(new GenesysOptions()), clock, NullLogger<QueueDirectory>.Instance);

    public bool IsBreakerClosed => true;

    public List<RequestOrigin> Origins { get; } = [];

    public Task<ListPage<GenesysQueue>> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken)
    {
        Origins.Add(origin);
        Interlocked.Increment(ref _calls);
        return Reply(pageNumber, cancellationToken);
    }

    public Task<ListPage<GenesysName>> ListUsersAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The directory requests no users.");

    public Task<ListPage<GenesysName>> ListWrapUpCodesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The directory requests no wrap-up codes.");

    public Task<AggregatesReply> RunAsynchronousQueryAsync(AggregatesRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The directory requests no aggregates.");
}

/// <summary>Builds queues for tests.</summary>
internal static class QueueBuilder
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 15, 2);

    public static string Id(int number) => $"00000000-0000-4000-8000-{number.ToString("x12", CultureInfo.InvariantCulture)}";

    public static string Division(int number) => $"d0000000-0000-4000-8000-{number.ToString("x12", CultureInfo.InvariantCulture)}";

    public static GenesysQueue Listed(int number, string name, int? division = null) => new(
        Id(number), name, division is { } id ? Division(id) : null, division is { } d ? $"Division {d}" : null, 3,
        new Dictionary<string, QueueServiceLevel> { ["voice"] = new(0.8, 20_000), ["chat"] = new(null, null) });

    public static QueueEntry Known(int number, string name, int? division = null, bool listed = true) => new(
        Id(number), name, division is { } id ? Division(id) : null, division is { } d ? $"Division {d}" : null, 3,
        new Dictionary<string, QueueServiceLevel>(), Now, listed);

    public static QueueDirectorySnapshot Directory(params QueueEntry[] queues) => new(Now, queues);
}
