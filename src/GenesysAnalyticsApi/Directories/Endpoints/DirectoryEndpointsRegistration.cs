namespace GenesysAnalyticsApi.Directories.Endpoints;

internal static class DirectoryEndpointsRegistration
{
    public static IServiceCollection AddDirectoryEndpoints(this IServiceCollection services) => services
        .AddDirectories()
        .AddSingleton<UsersParametersValidator>()
        .AddSingleton<WrapUpCodesParametersValidator>();

    public static void MapDirectoryEndpoints(this IEndpointRouteBuilder routes) => routes.MapUsers().MapWrapUpCodes();
}
