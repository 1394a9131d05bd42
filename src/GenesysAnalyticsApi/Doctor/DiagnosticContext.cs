using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>Passes results between the checks of one run, so that no request to Genesys is sent twice.</summary>
/// <param name="faults">The invalid settings; a running service has none.</param>
internal sealed class DiagnosticContext(DateTimeOffset begunAt, IReadOnlyList<string> faults)
{
    /// <summary>The origin of the requests. It is not in the background, because an operator waits for the result. Its name is distinct from those of callers.</summary>
    public static readonly RequestOrigin Asker = new("(doctor)", IsBackground: false) { IsDiagnostic = true };

    public DateTimeOffset BegunAt => begunAt;

    public IReadOnlyList<string> Faults => faults;

    /// <summary>The number of requests sent to the Genesys API. They count against its rate limit.</summary>
    public int Calls { get; private set; }

    /// <summary>The first page of the queue list, once it has been read.</summary>
    public QueuePage? FirstPage { get; set; }

    /// <summary>The ids of the queues that the client sees, once they are known.</summary>
    public IReadOnlyCollection<string>? QueueIds { get; set; }

    /// <summary>The figures of the last complete hour, once they have been read.</summary>
    public AggregateFacts? LastHour { get; set; }

    /// <summary>Sends a request to Genesys and counts the calls that it takes, even if it fails.</summary>
    public async Task<T> AskAsync<T>(Func<Task<T>> ask, Func<T, int> callsOf)
    {
        try
        {
            var reply = await ask();
            Calls += callsOf(reply);
            return reply;
        }
        catch (GenesysException failed)
        {
            Calls += failed.Calls;
            throw;
        }
        catch (OperationCanceledException)
        {
            // The request did not complete in time; at least one call was sent.
            Calls++;
            throw;
        }
    }
}
