namespace GenesysAnalyticsApi.Operations.Doctor;

internal static class DoctorRegistration
{
    /// <summary>In the order in which they are made and told.</summary>
    public static void AddDoctor(this IServiceCollection services) => services
        .AddSingleton<IExaminer, ConfigurationExaminer>()
        .AddSingleton<IExaminer, NamesExaminer>()
        .AddSingleton<IExaminer, CertificatesExaminer>()
        .AddSingleton<IExaminer, TokenExaminer>()
        .AddSingleton<IExaminer, QueueListingExaminer>()
        .AddSingleton<IExaminer, AggregatesExaminer>()
        .AddSingleton<IExaminer, ClockExaminer>()
        .AddSingleton<IExaminer, VisibleQueuesExaminer>()
        .AddSingleton<IExaminer, RecordedDataExaminer>()
        .AddSingleton<IExaminer, LimitsExaminer>()
        .AddSingleton<IExaminer, BudgetExaminer>()
        .AddSingleton<IExaminer, DirectoryExaminer>()
        .AddSingleton<IExaminer, RedisExaminer>()
        .AddSingleton<ExaminationRound>()
        .AddSingleton<DoctorVisits>();
}
