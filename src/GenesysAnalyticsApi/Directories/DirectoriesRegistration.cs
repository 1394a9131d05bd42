namespace GenesysAnalyticsApi.Directories;

internal static class DirectoriesRegistration
{
    public static IServiceCollection AddDirectories(this IServiceCollection services) => services
        .AddSingleton<UserDirectory>()
        .AddSingleton<WrapUpCodeDirectory>();
}
