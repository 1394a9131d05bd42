namespace GenesysAnalyticsApi.Directories.Endpoints;

internal static class DirectoryEndpointsRegistration
{
    public static IServiceCollection AddNames(this IServiceCollection services) => services
        .AddDirectories()
        .AddSingleton<UsersParametersValidator>()
        .AddSingleton<WrapUpCodesParametersValidator>();

    public static void MapNames(this IEndpointRouteBuilder routes) => routes.MapUsers().MapWrapUpCodes();
}
