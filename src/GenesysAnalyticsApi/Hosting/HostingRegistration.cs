using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Genesys.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GenesysAnalyticsApi.Hosting;

internal static class HostingRegistration
{
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        SettingsSources.Insert(builder.Configuration);

        builder.Services.AddOptions<AggregatesOptions>().BindConfiguration(AggregatesOptions.Section);
        builder.Services.AddOptions<RequestLimitsOptions>().BindConfiguration(RequestLimitsOptions.Section);
        builder.Services.AddOptions<GenesysOptions>()
            .BindConfiguration(GenesysOptions.Section)
            .PostConfigure<IHostEnvironment>((options, environment) => options.Mode = options.DecideMode(environment));
        // Requests in progress at a stop signal are completed; their own deadline limits how long that takes.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<RequestLimitsOptions>, IOptions<AggregatesOptions>>(
            (host, limits, aggregates) => host.ShutdownTimeout = limits.Value.DrainTime + aggregates.Value.Timeout + TimeSpan.FromSeconds(5));
        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<RequestLimitsOptions>>((kestrel, limits) =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = limits.Value.BodyBytes;
                // Far above our own limit, so that RequestSizeMiddleware can respond 414 with a problem that states the remedy: Kestrel
                // rejects a longer line without a body. A connection may buffer just as much of a request body, so this limit costs no memory.
                kestrel.Limits.MaxRequestLineSize = RequestLimitsOptions.RequestLineBytes;
                kestrel.Limits.MaxConcurrentConnections = limits.Value.MaxConnections;
                // A client that sends a request or reads a response more slowly than this is assumed to occupy the connection on purpose.
                // Kestrel's defaults for headers are suitable: at most 100, with 32 KiB in total, which is enough for a long token.
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
                kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
            });
    }
}
