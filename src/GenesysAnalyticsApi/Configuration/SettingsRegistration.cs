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
}
