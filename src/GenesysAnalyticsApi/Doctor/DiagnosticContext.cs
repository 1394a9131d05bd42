using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>One visit: what its examinations hand on to each other, so that Genesys is asked for nothing twice.</summary>
/// <param name="faults">What is wrong with the settings; a service that runs has none.</param>
internal sealed class DiagnosticContext(DateTimeOffset begunAt, IReadOnlyList<string> faults)
{
    /// <summary>Somebody waits, so that it takes turns with callers; it has a name of its own beside theirs.</summary>
    public static readonly RequestOrigin Asker = new("(doctor)", IsBackground: false) { IsDiagnostic = true };

    public DateTimeOffset BegunAt => begunAt;

    public IReadOnlyList<string> Faults => faults;

    /// <summary>Requests that reached out to the API of Genesys; they count in its minute.</summary>
    public int Calls { get; private set; }

    /// <summary>The beginning of the listing, once it was read.</summary>
    public QueuePage? FirstPage { get; set; }

    /// <summary>The queues that the client sees, once they are known.</summary>
    public IReadOnlyCollection<string>? QueueIds { get; set; }

    /// <summary>Figures of the last closed hour, once they were read.</summary>
    public AggregateFacts? LastHour { get; set; }

    /// <summary>Asks Genesys, and counts the calls that it took, whatever came of it.</summary>
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
            // It hung: one is on its way, at least.
            Calls++;
            throw;
        }
    }
}
