using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Genesys;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Hosting;

internal static class HostingRegistration
{
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        SettingsSources.Insert(builder.Configuration);

        builder.Services.AddOptions<AggregatesOptions>().BindConfiguration(AggregatesOptions.Section);
        builder.Services.AddOptions<LimitsOptions>().BindConfiguration(LimitsOptions.Section);
        builder.Services.AddOptions<GenesysOptions>()
            .BindConfiguration(GenesysOptions.Section)
            .PostConfigure<IHostEnvironment>((options, environment) => options.Mode = options.DecideMode(environment));
        // Whatever is under way when the service is told to stop is answered; its own deadline is the longest that it takes.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<LimitsOptions>, IOptions<AggregatesOptions>>(
            (host, limits, aggregates) => host.ShutdownTimeout = limits.Value.DrainTime + aggregates.Value.Timeout + TimeSpan.FromSeconds(5));
        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<LimitsOptions>>((kestrel, limits) =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = limits.Value.BodyBytes;
                // Far above our own limit, so that RequestLimits says 414 with a problem that tells what to do instead: the server refuses
                // a longer line without a body. A connection may hold as much of a body, so that this costs no more memory.
                kestrel.Limits.MaxRequestLineSize = LimitsOptions.RequestLineBytes;
                kestrel.Limits.MaxConcurrentConnections = limits.Value.MaxConnections;
                // Who sends headers or a body, or reads an answer, more slowly than that does it to hold a connection. How many headers
                // there may be (100) and how large (32 KiB, room for a long token) is well as the server has it.
                kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
                kestrel.Limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
            });
    }
}
