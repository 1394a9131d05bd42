using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Follows a job until it has ended.</summary>
internal sealed class JobEvents(IJobStore store, JobResponses responses, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Events are sent at least this often, so that proxies see that the connection is alive.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async IAsyncEnumerable<SseItem<string>> OfAsync(Job job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A stream must not delay the shutdown of the service.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        for (var (current, sent, sentAt) = ((Job?)job, "", 0L); current is not null; current = await NextAsync(current, ended.Token))
        {
            var text = JsonSerializer.Serialize(await responses.OfAsync(current, cancellationToken), JobsJson.Default.JobResponse);
            if (text != sent || clock.GetElapsedTime(sentAt) >= Heartbeat)
            {
                yield return new SseItem<string>(text, current.HasEnded ? "ended" : "progress");
                (sent, sentAt) = (text, clock.GetTimestamp());
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
            // A slow Redis does not end the stream.
            return job;
        }
    }
}
