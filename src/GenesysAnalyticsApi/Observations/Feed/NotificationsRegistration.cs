using GenesysAnalyticsApi.Genesys.Notifications;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Observations.Feed;

internal static class NotificationsRegistration
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.TryAddSingleton<INotificationSharing, LocalNotificationSharing>();
        services.TryAddSingleton<INotificationChannels, NotificationChannels>();
        services.TryAddSingleton<INotificationSockets, ClientNotificationSockets>();
        return services
            .AddSingleton<NotificationTelemetry>()
            .AddSingleton<FeedDependencies>()
            .AddHostedService<NotificationService>();
    }
}
