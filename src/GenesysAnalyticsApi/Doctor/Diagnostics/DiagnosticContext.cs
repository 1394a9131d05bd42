using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Doctor.Diagnostics;

/// <summary>Passes results from check to check within one run, so that later checks do not repeat Genesys requests.</summary>
/// <param name="faults">The invalid settings; a running service has none.</param>
internal sealed class DiagnosticContext(DateTimeOffset startedAt, IReadOnlyList<string> faults)
{
    /// <summary>
    /// The origin of the Genesys requests of a run. These requests do not have background priority, because an operator is waiting for them. They compete with
    /// callers' requests under a separate name.
    /// </summary>
    public static readonly RequestOrigin Origin = new("(doctor)", IsBackground: false) { IsDiagnostic = true };

    public DateTimeOffset StartedAt => startedAt;

    public IReadOnlyList<string> Faults => faults;

    /// <summary>The number of requests that were sent to the Genesys API. Each uses part of the rate limit.</summary>
    public int Calls { get; private set; }

    /// <summary>The first page of queues, once it has been read.</summary>
    public ListPage<GenesysQueue>? FirstQueuePage { get; set; }

    /// <summary>The visible queues, once they are known.</summary>
    public IReadOnlyCollection<string>? QueueIds { get; set; }

    /// <summary>The figures of the last complete hour, once they have been read.</summary>
    public AggregateFacts? LastHour { get; set; }

    /// <summary>Sends a Genesys request and counts its attempts, including failed attempts.</summary>
    public async Task<T> SendAsync<T>(Func<Task<T>> send, Func<T, int> callsOf)
    {
        try
        {
            var reply = await send();
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
            // The check timed out while it was waiting for the request, so one attempt was probably sent.
            Calls++;
            throw;
        }
    }
}
