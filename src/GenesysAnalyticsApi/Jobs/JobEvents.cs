using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Sends the state of a job as events, until the job ends or is deleted, the caller disconnects, or the service stops.</summary>
internal sealed class JobEvents(IJobStore store, JobResponses responses, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>After this time without a change, the same state is sent again, so that proxies do not close the connection as idle.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<SseItem<string>> OfAsync(Job job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A stream must not delay the shutdown of the service.
        using var streamEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        for (var (current, lastText, lastSentAt) = ((Job?)job, "", 0L); current is not null; current = await NextAsync(current, streamEnd.Token))
        {
            var text = JsonSerializer.Serialize(await responses.OfAsync(current, cancellationToken), JobsJson.Default.JobResponse);
            if (text != lastText || clock.GetElapsedTime(lastSentAt) >= Heartbeat)
            {
                yield return new SseItem<string>(text, current.HasEnded ? "ended" : "progress");
                (lastText, lastSentAt) = (text, clock.GetTimestamp());
            }

            if (current.HasEnded)
            {
                yield break;
            }
        }
    }

    /// <returns>Null if the job has been deleted, or if the caller or the service ends the stream.</returns>
    private async Task<Job?> NextAsync(Job job, CancellationToken cancellationToken)
    {
        await Task.Delay(PollInterval, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            return cancellationToken.IsCancellationRequested ? null : await store.FindAsync(job.Id, CancellationToken.None);
        }
        catch (ProblemException)
        {
            // The job could not be looked up, because Redis is slow or unavailable. The stream continues.
            return job;
        }
    }
}
