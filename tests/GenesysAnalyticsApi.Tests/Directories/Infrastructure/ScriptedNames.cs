using System.Globalization;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Tests.Directories.Infrastructure;

/// <summary>A fake Genesys with one list of names, which it returns as users and as wrap-up codes. A test can change its replies between reads.</summary>
internal sealed class ScriptedNames : IGenesysGateway
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public Func<int, CancellationToken, Task<ListPage<GenesysName>>> Reply { get; set; } = (_, _) => throw new InvalidOperationException("Nothing is scripted.");

    public List<RequestOrigin> Origins { get; } = [];

    public CapturedLogs Logs { get; } = new();

    public bool IsBreakerClosed => true;

    public static ScriptedNames Listing(params GenesysName[][] pages) => new() { Reply = Pages(pages) };

    public static Func<int, CancellationToken, Task<ListPage<GenesysName>>> Pages(params GenesysName[][] pages) =>
        (number, _) => Task.FromResult(new ListPage<GenesysName>(pages is [] ? [] : pages[number - 1], number, pages.Length, HasNext: number < pages.Length));

    public static Func<int, CancellationToken, Task<ListPage<GenesysName>>> Failing(GenesysFailureKind kind) =>
        (_, _) => Task.FromException<ListPage<GenesysName>>(new GenesysException(new GenesysFailure(kind, $"Scripted {kind}.")));

    public static string Id(int number) => $"a0000000-0000-4000-8000-{number.ToString("x12", CultureInfo.InvariantCulture)}";

    public static GenesysName Listed(int number, string name, bool? isActive = true) => new(Id(number), name, isActive);

    public UserDirectory Users(TimeProvider clock, ISharedDirectory<NamedEntry>? shared = null) =>
        new(this, shared ?? new UnsharedDirectory<NamedEntry>(), Options.Create(new GenesysOptions()), clock, LoggerOf<UserDirectory>());

    public WrapUpCodeDirectory WrapUpCodes(TimeProvider clock, ISharedDirectory<NamedEntry>? shared = null) =>
        new(this, shared ?? new UnsharedDirectory<NamedEntry>(), Options.Create(new GenesysOptions()), clock, LoggerOf<WrapUpCodeDirectory>());

    public Task<ListPage<GenesysName>> ListUsersAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken)
    {
        Origins.Add(origin);
        Interlocked.Increment(ref _calls);
        return Reply(pageNumber, cancellationToken);
    }

    public Task<ListPage<GenesysName>> ListWrapUpCodesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        ListUsersAsync(pageNumber, origin, cancellationToken);

    public Task<ListPage<GenesysQueue>> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A directory of names requests no queues.");

    public Task<AggregatesReply> RunAsynchronousQueryAsync(AggregatesRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A directory of names requests no aggregates.");

    private ILogger<T> LoggerOf<T>() => LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs)).CreateLogger<T>();
}
