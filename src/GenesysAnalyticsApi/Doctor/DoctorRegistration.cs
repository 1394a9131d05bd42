using GenesysAnalyticsApi.Doctor.Checks;
using GenesysAnalyticsApi.Doctor.Diagnostics;

namespace GenesysAnalyticsApi.Doctor;

internal static class DoctorRegistration
{
    /// <summary>Registers the checks in the order in which they run and are reported.</summary>
    public static void AddDoctor(this IServiceCollection services) => services
        .AddSingleton<ClockSkew>()
        .AddSingleton<DiagnosticCheck, ConfigurationCheck>()
        .AddSingleton<DiagnosticCheck, DnsCheck>()
        .AddSingleton<DiagnosticCheck, TlsCheck>()
        .AddSingleton<DiagnosticCheck, TokenCheck>()
        .AddSingleton<DiagnosticCheck, QueuesPermissionCheck>()
        .AddSingleton<DiagnosticCheck, AggregatesPermissionCheck>()
        .AddSingleton<DiagnosticCheck, UsersPermissionCheck>()
        .AddSingleton<DiagnosticCheck, WrapUpCodesPermissionCheck>()
        .AddSingleton<DiagnosticCheck, DetailsPermissionCheck>()
        .AddSingleton<DiagnosticCheck, ClockCheck>()
        .AddSingleton<DiagnosticCheck, VisibleQueuesCheck>()
        .AddSingleton<DiagnosticCheck, RecentDataCheck>()
        .AddSingleton<DiagnosticCheck, OrganizationLimitsCheck>()
        .AddSingleton<DiagnosticCheck, RateLimitCheck>()
        .AddSingleton<DiagnosticCheck, QueueDirectoryCheck>()
        .AddSingleton<DiagnosticCheck, RedisCheck>()
        .AddSingleton<DiagnosticRunner>()
        .AddSingleton<DoctorRuns>()
        .AddHealthChecks().AddCheck<ClockSkew>("clock");
}
