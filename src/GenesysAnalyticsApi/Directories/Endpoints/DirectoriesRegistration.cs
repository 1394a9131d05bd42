using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Directories.Endpoints;

internal static class DirectoriesRegistration
{
    /// <summary>Registers the directories of users and wrap-up codes. Each directory reads its list from Genesys at the first use.</summary>
    public static IServiceCollection AddDirectories(this IServiceCollection services)
    {
        services.TryAddKeyedSingleton<ISharedDirectory<NamedEntry>, UnsharedDirectory<NamedEntry>>(UserDirectory.Listing);
        services.TryAddKeyedSingleton<ISharedDirectory<NamedEntry>, UnsharedDirectory<NamedEntry>>(WrapUpCodeDirectory.Listing);
        return services
            .AddSingleton<UserDirectory>()
            .AddSingleton<WrapUpCodeDirectory>()
            .AddSingleton<UsersParametersValidator>()
            .AddSingleton<WrapUpCodesParametersValidator>();
    }

    public static void MapDirectories(this IEndpointRouteBuilder routes) => routes.MapUsers().MapWrapUpCodes();
}
