using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace GenesysAnalyticsApi.Security;

internal static class SecurityRegistration
{
    public static void AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section);
        services.AddSingleton(provider => new ActiveAuthModes(
            provider.GetRequiredService<IOptions<AuthOptions>>().Value.DecideModes(provider.GetRequiredService<IHostEnvironment>())));
        services.AddSingleton<ApiKeyAuthenticator>();
        services.AddSingleton<AnonymousScopes>();
        services.AddSingleton<AnonymousAuthenticator>();
        services.AddSingleton<AuthorizationFailureHandler>();
        services.AddOptions<CallerRateLimitOptions>().BindConfiguration(CallerRateLimitOptions.Section);
        services.AddSingleton<CallerRateLimiter>();
        services.AddServiceMeter();
        services.AddSingleton<CallerTelemetry>();
        services.AddForwardedAddresses();
        services.AddCrossOrigin();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(provider => provider.GetRequiredService<AuthorizationFailureHandler>());
        services.AddHostedService<AnonymousAccessWarning>();

        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtBearerSetup>();
        // Registers what AddAuthentication registers, except data protection. ASP.NET Core needs data protection for cookies, which this service does not use.
        // Creating the keys for data protection would log a warning about where the keys are stored.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = CallerAuthenticationHandler.SchemeName);
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, NoFrameworkAuthenticationSettings>();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthenticationHandler>(CallerAuthenticationHandler.SchemeName, _ => { })
            .AddJwtBearer();
        services.AddAuthorization();
    }

    /// <summary>Must run after error handling and logging, and before every endpoint.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        app.UseForwardedAddresses();
        app.UseCrossOrigin();
        app.UseAuthentication();
        app.UseMiddleware<CallerRateLimitMiddleware>();
        app.UseAuthorization();
    }

    /// <summary>Requires the scope and enforces the caller's rate limit.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, CallerScopes scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizationPolicy([new ScopeRequirement(scope)], [])).WithMetadata(CallerRateLimitMetadata.Mark);

    /// <summary>Applies a page access setting of <c>Auth</c>. For <see cref="PageAccess.Off"/>, the endpoint must not be mapped at all.</summary>
    public static TBuilder RequirePageAccess<TBuilder>(this TBuilder endpoint, PageAccess access)
        where TBuilder : IEndpointConventionBuilder => access switch
        {
            PageAccess.Anyone => endpoint,
            PageAccess.Callers => endpoint.RequireScope(CallerScopes.None),
            _ => endpoint.RequireScope(CallerScopes.Operator),
        };
}
