using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Genesys;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Configuration;

internal static class SettingsRegistration
{
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        SettingsSources.Insert(builder.Configuration, Directory.GetCurrentDirectory());

        builder.Services.AddOptions<AggregatesOptions>().BindConfiguration(AggregatesOptions.Section);
        builder.Services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section);
        builder.Services.AddOptions<GenesysOptions>()
            .BindConfiguration(GenesysOptions.Section)
            .PostConfigure<IHostEnvironment>((options, environment) => options.Mode = options.DecideMode(environment));
        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<LimitsOptions>>((kestrel, limits) =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = limits.Value.BodyBytes;
                // Above our own limit, so that it is we who say 414, with a body; far above it the server does, without one.
                kestrel.Limits.MaxRequestLineSize = 4 * LimitsOptions.UrlCharacters;
            });
    }

    /// <summary>Stops a start that cannot go well, before anything listens or calls out.</summary>
    public static void CheckSettings(this WebApplication app)
    {
        var faults = SettingsCheck.FindFaults(app.Configuration, app.Environment);
        if (faults.Count > 0)
        {
            throw new WrongSettingsException(faults);
        }
    }
}

/// <summary>The start cannot go on; its message is for the operator, whole and readable, and holds no secret.</summary>
internal sealed class WrongSettingsException(IReadOnlyList<string> faults) : Exception(Readable(faults))
{
    private static string Readable(IReadOnlyList<string> faults)
    {
        var message = new StringBuilder("GenesysAnalyticsApi does not start: ")
            .Append(CultureInfo.InvariantCulture, $"{(faults.Count == 1 ? "a setting is" : $"{faults.Count} settings are")} wrong.\n");
        foreach (var fault in faults)
        {
            message.Append("  - ").Append(fault).Append('\n');
        }

        return message.Append("Every setting is explained in docs/configuration.md.").ToString();
    }
}
