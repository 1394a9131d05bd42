using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Genesys;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>What the settings of the far side must fulfil.</summary>
internal static class GenesysOptionsValidator
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <param name="clients">The clients that this build has.</param>
    public static void Check(GenesysOptions options, IHostEnvironment environment, IReadOnlyCollection<GenesysClient> clients, SettingsReport report)
    {
        CheckNumbers(options, report);
        CheckTimeouts(options, report);

        if (!clients.Contains(options.Client))
        {
            report.Add(Key(nameof(options.Client)), options.Client,
                "is not in this build. With the official SDK: dotnet run --project src/GenesysAnalyticsApi.PureCloud -p:GenesysSdk=true (docs/official-sdk.md). Or give Http.");
        }

        if (!string.IsNullOrWhiteSpace(options.Region) && GenesysRegions.Resolve(options.Region).Region is null)
        {
            report.Add(Key(nameof(options.Region)), options.Region,
                "is not a Genesys Cloud region. Give an AWS region (eu-west-1), an SDK name (eu_west_1) or a domain (mypurecloud.ie)."
                + GenesysRegionHint.For(options.Region));
        }

        if (options.DecideMode(environment) == GenesysMode.Live)
        {
            CheckLive(options, report);
        }
    }

    private static void CheckNumbers(GenesysOptions options, SettingsReport report)
    {
        report.RequireRange(Key(nameof(options.RequestsPerMinute)), options.RequestsPerMinute, 1, 100_000);
        report.RequireRange(Key(nameof(options.MaxConcurrentRequests)), options.MaxConcurrentRequests, 1, 1_000);
        report.RequireRange(Key(nameof(options.SettleHours)), options.SettleHours, 0, 24 * 365);
        report.RequireRange(Key(nameof(options.SliceRows)), options.SliceRows, 1, 1_000_000);
        report.RequireRange(Key(nameof(options.MaxAnswerBytes)), options.MaxAnswerBytes, 1024 * 1024, 1024L * 1024 * 1024);
    }

    private static void CheckTimeouts(GenesysOptions options, SettingsReport report)
    {
        var (attempt, total) = (Key(nameof(options.AttemptTimeout)), Key(nameof(options.TotalTimeout)));
        report.RequireRange(attempt, options.AttemptTimeout, Shortest, TimeSpan.FromMinutes(10));
        report.RequireRange(total, options.TotalTimeout, Shortest, TimeSpan.FromHours(1));
        report.RequireRange(Key(nameof(options.MaxRetryAfter)), options.MaxRetryAfter, TimeSpan.Zero, TimeSpan.FromHours(1));

        if (!report.Has(attempt) && !report.Has(total) && options.AttemptTimeout > options.TotalTimeout)
        {
            report.Add(attempt, options.AttemptTimeout,
                $"is longer than {SettingsReport.Shown(total, options.TotalTimeout)}: one attempt must fit into the whole call. Shorten the first or lengthen the second.");
        }
    }

    private static void CheckLive(GenesysOptions options, SettingsReport report)
    {
        var (region, api, login) = (Key(nameof(options.Region)), Key(nameof(options.ApiBaseUrl)), Key(nameof(options.LoginBaseUrl)));
        if (string.IsNullOrWhiteSpace(options.Region)
            && (options.ApiBaseUrl is null || options.LoginBaseUrl is null) && !report.Has(api) && !report.Has(login))
        {
            report.AddMissing(region, $"Give the organisation's region, such as eu-west-1, or both {api} and {login}");
        }

        AddIfMissing(Key(nameof(options.ClientId)), options.ClientId);
        AddIfMissing(Key(nameof(options.ClientSecret)), options.ClientSecret);

        void AddIfMissing(string key, string? value)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                report.AddMissing(key, "Give that of an OAuth client of type Client Credentials, or Genesys:Mode=Simulator for simulated figures");
            }
        }
    }

    private static string Key(string property) => $"{GenesysOptions.Section}:{property}";
}

internal static class AggregatesOptionsValidator
{
    public static void Check(AggregatesOptions options, SettingsReport report)
    {
        report.RequireRange(Key(nameof(options.Timeout)), options.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        report.RequireRange(Key(nameof(options.MaxInterval)), options.MaxInterval, TimeSpan.FromMinutes(5), TimeSpan.FromDays(3_660));
        report.RequireRange(Key(nameof(options.MaxRows)), options.MaxRows, 1, 100_000_000);
        report.RequireRange(Key(nameof(options.StreamRows)), options.StreamRows, 1, 100_000_000);
        report.RequireRange(Key(nameof(options.AsyncAboveCalls)), options.AsyncAboveCalls, 1, 10_000);
        if (options.MaxUpstreamCalls is { } calls)
        {
            // A plan may take AsyncAboveCalls calls: with fewer it could not be carried out.
            report.RequireRange(Key(nameof(options.MaxUpstreamCalls)), calls, options.AsyncAboveCalls, 100_000);
        }
    }

    private static string Key(string property) => $"{AggregatesOptions.Section}:{property}";
}

internal static class CacheOptionsValidator
{
    private const long MiB = 1024 * 1024;

    public static void Check(CacheOptions options, SettingsReport report)
    {
        report.RequireRange(Key(nameof(options.MaxBytes)), options.MaxBytes, 16 * MiB, 1024 * 1024 * MiB);
        report.RequireRange(Key(nameof(options.MaxAnswerBytes)), options.MaxAnswerBytes, MiB, 1024 * 1024 * MiB);
        if (!string.IsNullOrWhiteSpace(options.Redis) && !IsConnectionString(options.Redis))
        {
            report.Add(Key(nameof(options.Redis)), options.Redis,
                "is not a connection string of StackExchange.Redis. Give host:port, and what else is needed after commas, such as redis:6379,password=…,ssl=true.");
        }
    }

    private static bool IsConnectionString(string value)
    {
        try
        {
            // A redis:// address would be read as the name of a host.
            return !value.Contains("://", StringComparison.Ordinal) && ConfigurationOptions.Parse(value).EndPoints.Count > 0;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    private static string Key(string property) => $"{CacheOptions.Section}:{property}";
}

internal static class LimitsOptionsValidator
{
    public static void Check(LimitsOptions options, SettingsReport report)
    {
        report.RequireRange(Key(nameof(options.BodyBytes)), options.BodyBytes, 1024, 1024L * 1024 * 1024);
        report.RequireRange(Key(nameof(options.MaxFetching)), options.MaxFetching, 1, 100_000);
        report.RequireRange(Key(nameof(options.MaxQueued)), options.MaxQueued, 1, 1_000_000);
        report.RequireRange(Key(nameof(options.MaxConnections)), options.MaxConnections, 1, 1_000_000);
        report.RequireRange(Key(nameof(options.DrainTime)), options.DrainTime, TimeSpan.Zero, TimeSpan.FromMinutes(10));
    }

    private static string Key(string property) => $"{LimitsOptions.Section}:{property}";
}
