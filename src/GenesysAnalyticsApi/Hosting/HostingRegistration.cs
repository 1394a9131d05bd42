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
        // After a stop signal, queries in progress are completed. The host waits for these queries until shortly after their deadline.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<RequestLimitsOptions>, IOptions<AggregatesOptions>>(
            (host, limits, aggregates) => host.ShutdownTimeout = limits.Value.DrainTime + aggregates.Value.Timeout + TimeSpan.FromSeconds(5));
        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<RequestLimitsOptions>>((kestrel, limits) =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = limits.Value.BodyBytes;
                // This limit is far above the maximum URL length, so RequestSizeMiddleware can respond 414 with a problem that states the remedy. Kestrel
                // itself would reject the request without a body. Kestrel buffers at least as much of a request body, so this limit needs no more memory.
                kestrel.Limits.MaxRequestLineSize = RequestLimitsOptions.RequestLineBytes;
                kestrel.Limits.MaxConcurrentConnections = limits.Value.MaxConnections;
                // A client that sends a request or reads a response more slowly than these limits is assumed to occupy the connection on purpose. The defaults
                // of Kestrel for headers are suitable: at most 100 headers with 32 KiB in total are enough for a long token.
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
                kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
            });
    }
}
