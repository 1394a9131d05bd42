using GenesysAnalyticsApi.Doctor.Checks;

namespace GenesysAnalyticsApi.Doctor;

internal static class DoctorRegistration
{
    /// <summary>Registers the checks in the order in which they run and are reported.</summary>
    public static void AddDoctor(this IServiceCollection services) => services
        .AddSingleton<ClockSkew>()
        .AddSingleton<IDiagnosticCheck, ConfigurationCheck>()
        .AddSingleton<IDiagnosticCheck, DnsCheck>()
        .AddSingleton<IDiagnosticCheck, TlsCheck>()
        .AddSingleton<IDiagnosticCheck, TokenCheck>()
        .AddSingleton<IDiagnosticCheck, QueuesPermissionCheck>()
        .AddSingleton<IDiagnosticCheck, AggregatesPermissionCheck>()
        .AddSingleton<IDiagnosticCheck, ClockCheck>()
        .AddSingleton<IDiagnosticCheck, VisibleQueuesCheck>()
        .AddSingleton<IDiagnosticCheck, RecentDataCheck>()
        .AddSingleton<IDiagnosticCheck, OrganizationLimitsCheck>()
        .AddSingleton<IDiagnosticCheck, RateLimitCheck>()
        .AddSingleton<IDiagnosticCheck, QueueDirectoryCheck>()
        .AddSingleton<IDiagnosticCheck, RedisCheck>()
        .AddSingleton<DiagnosticRunner>()
        .AddSingleton<DoctorRuns>()
        .AddHealthChecks().AddCheck<ClockSkew>("clock");
}
