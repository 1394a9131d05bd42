using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Genesys.Settings;

/// <summary>Checks the rules for the <c>Genesys</c> settings that attributes cannot express.</summary>
internal static class GenesysOptionsValidator
{
    /// <param name="clients">The clients that this build contains.</param>
    public static void Check(GenesysOptions options, IHostEnvironment environment, IReadOnlyCollection<GenesysClient> clients, SettingsReport report)
    {
        var (attempt, total) = (Key(nameof(options.AttemptTimeout)), Key(nameof(options.TotalTimeout)));
        if (!report.Has(attempt) && !report.Has(total) && options.AttemptTimeout > options.TotalTimeout)
        {
            report.Add(attempt, options.AttemptTimeout,
                $"is longer than {report.Shown(total, options.TotalTimeout)}: one attempt must fit into the whole request. Lower {attempt} or raise {total}.");
        }

        if (!clients.Contains(options.Client))
        {
            report.Add(Key(nameof(options.Client)), options.Client,
                "is not in this build. Give Http, or run a build with the official SDK: "
                + "dotnet run --project src/GenesysAnalyticsApi.PureCloud -p:GenesysSdk=true (docs/official-sdk.md).");
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

    private static void CheckLive(GenesysOptions options, SettingsReport report)
    {
        var (region, api, login) = (Key(nameof(options.Region)), Key(nameof(options.ApiBaseUrl)), Key(nameof(options.LoginBaseUrl)));
        if (string.IsNullOrWhiteSpace(options.Region)
            && (options.ApiBaseUrl is null || options.LoginBaseUrl is null) && !report.Has(api) && !report.Has(login))
        {
            report.AddMissing(region, $"Give the organization's region, such as eu-west-1, or both {api} and {login}");
        }

        AddIfMissing(Key(nameof(options.ClientId)), options.ClientId, "id");
        AddIfMissing(Key(nameof(options.ClientSecret)), options.ClientSecret, "secret");

        void AddIfMissing(string key, string? value, string what)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                report.AddMissing(key, $"Give the {what} of an OAuth client of type Client Credentials, or Genesys:Mode=Simulator for simulated figures");
            }
        }
    }

    private static string Key(string property) => $"{GenesysOptions.Section}:{property}";
}
