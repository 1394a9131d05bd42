using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Security;

internal static class SecurityRegistration
{
    public static void AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section);
        services.AddSingleton(provider => new ActiveAuthModes(
            provider.GetRequiredService<IOptions<AuthOptions>>().Value.DecideModes(provider.GetRequiredService<IHostEnvironment>())));
        services.AddSingleton<ApiKeyAuthenticator>();
        services.AddSingleton<AnonymousAuthenticator>();
        services.AddSingleton<AuthorizationFailureHandler>();
        services.AddOptions<CallersOptions>().BindConfiguration(CallersOptions.Section);
        services.AddSingleton<CallerRateLimiter>();
        services.AddServiceMeter();
        services.AddSingleton<CallerTelemetry>();
        services.AddForwardedAddresses();
        services.AddCrossOrigin();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(provider => provider.GetRequiredService<AuthorizationFailureHandler>());
        services.AddHostedService<AnonymousAccessWarning>();

        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtBearerSetup>();
        // What AddAuthentication adds, but for the keys with which ASP.NET protects cookies: none are made here, and a start that makes such
        // keys warns about where it keeps them.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = CallerAuthenticationHandler.SchemeName);
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, NoFrameworkAuthenticationSettings>();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthenticationHandler>(CallerAuthenticationHandler.SchemeName, _ => { })
            .AddJwtBearer();
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
    }

    /// <summary>Behind errors and the log, before everything that shows something.</summary>
    public static void UseSecurity(this WebApplication app)
    {
        app.UseForwardedAddresses();
        app.UseCrossOrigin();
        app.UseAuthentication();
        app.UseMiddleware<CallerRateLimitMiddleware>();
        app.UseAuthorization();
    }

    /// <summary>Only callers with the scope get to the endpoint, and only within their share.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, CallerScopes scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizationPolicy([new ScopeRequirement(scope)], [])).WithMetadata(CallerRateLimitMetadata.Mark);

    /// <summary>As a switch of <c>Auth</c> says; an endpoint whose switch is off is not mapped in the first place.</summary>
    public static TBuilder RequirePageAccess<TBuilder>(this TBuilder endpoint, PageAccess access)
        where TBuilder : IEndpointConventionBuilder => access switch
        {
            PageAccess.Anyone => endpoint,
            PageAccess.Callers => endpoint.RequireScope(CallerScopes.None),
            _ => endpoint.RequireScope(CallerScopes.Operator),
        };
}

/// <summary>How callers are let in; decided once.</summary>
internal sealed record ActiveAuthModes(AuthModes Modes);

internal sealed record ScopeRequirement(CallerScopes Scope) : IAuthorizationRequirement;

internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        if (context.User is CallerPrincipal principal && principal.Caller.May(requirement.Scope))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
