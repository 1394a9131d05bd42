using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// The limits of the organisation, as far as Genesys tells them. They are ceilings: settings can only lower them. A limit that Genesys does not tell is
/// null, and the setting alone applies.
/// </summary>
internal sealed class LimitCeilings
{
    private volatile OrganizationCeilings _current = OrganizationCeilings.Unknown;

    public OrganizationCeilings Current => _current;

    public void Set(OrganizationCeilings read) => _current = read;

    /// <summary>The requests per minute that a setting allows.</summary>
    public int RequestsPerMinute(int setting) => Math.Min(setting, Current.RequestsPerMinute ?? int.MaxValue);

    /// <summary>The predicates of one query for the current state of queues that a setting allows.</summary>
    public int Predicates(int setting) => Math.Min(setting, Current.Predicates ?? int.MaxValue);

    /// <summary>The topics of one notification channel that a setting allows.</summary>
    public int TopicsPerChannel(int setting) => Math.Min(setting, Current.TopicsPerChannel ?? int.MaxValue);

    /// <summary>The notification channels that a setting allows.</summary>
    public int Channels(int setting) => Math.Min(setting, Current.Channels ?? int.MaxValue);

    /// <summary>The groups of one page of an activity query that are requested.</summary>
    public int ActivityPageSize(int size) => Math.Min(size, Current.ActivityPageSize ?? int.MaxValue);
}

/// <param name="RequestsPerMinute">Requests per minute for one token of a client-credentials client.</param>
/// <param name="Predicates">Predicates of one query for the current state of queues.</param>
/// <param name="TopicsPerChannel">Topics of one notification channel.</param>
/// <param name="Channels">Notification channels of one client.</param>
/// <param name="ActivityPageSize">Groups of one page of an activity query.</param>
internal sealed record OrganizationCeilings(int? RequestsPerMinute, int? Predicates, int? TopicsPerChannel, int? Channels, int? ActivityPageSize)
{
    public static readonly OrganizationCeilings Unknown = new(null, null, null, null, null);
}

/// <summary>Reads the ceilings after the start and a few times a day, because Genesys can change them at any time.</summary>
internal sealed partial class LimitCeilingsReader(
    OrganizationLimits limits, LimitCeilings ceilings, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<LimitCeilingsReader> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(10);

    /// <summary>The current limits suffice until they are read: a failure is not retried, and does not count against Genesys' health.</summary>
    private static readonly RequestOrigin Origin = RequestOrigin.Service with { IsDiagnostic = true };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.ReadLimits && !stoppingToken.IsCancellationRequested)
        {
            var pause = await ReadAsync(stoppingToken) ? Interval : RetryInterval;
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ReadAsync(CancellationToken stoppingToken)
    {
        try
        {
            var (read, _) = await limits.ReadCeilingsAsync(Origin, stoppingToken);
            if (read != ceilings.Current)
            {
                Log.Read(logger, read.RequestsPerMinute, read.Predicates, read.TopicsPerChannel, read.Channels);
            }

            ceilings.Set(read);
            return true;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            // The settings apply until the next attempt. An exception here would stop the service.
            Log.Failed(logger, failure is GenesysException ? null : failure, failure.Message);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1014, LogLevel.Information,
            "Genesys tells the limits of the organisation: {RequestsPerMinute} requests per minute, {Predicates} predicates, {TopicsPerChannel} topics per channel, {Channels} channels. Settings only lower them")]
        public static partial void Read(ILogger logger, int? requestsPerMinute, int? predicates, int? topicsPerChannel, int? channels);

        [LoggerMessage(1015, LogLevel.Debug, "The limits of the organisation could not be read, so the settings apply: {Reason}")]
        public static partial void Failed(ILogger logger, Exception? unexpected, string reason);
    }
}
