using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Request;
using Microsoft.OpenApi;

namespace GenesysAnalyticsApi.Conversations;

internal static class ConversationsRegistration
{
    public static IServiceCollection AddConversations(this IServiceCollection services)
    {
        services.AddOptions<ConversationsOptions>().BindConfiguration(ConversationsOptions.Section);
        services.ConfigureSwaggerGen(document =>
        {
            document.MapType<Instant>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" });
            document.MapType<Instant?>(() => new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "date-time" });
        });
        return services
            .AddSingleton<ConversationsParametersValidator>()
            .AddSingleton<VisibleQueuesResolver>()
            .AddSingleton<DetailsIntervalLimit>()
            .AddSingleton<IDetailsReader, DetailsReader>()
            .AddSingleton<ConversationMetaBuilder>()
            .AddSingleton<ConversationPageReader>()
            .AddSingleton<ConversationRecordReader>()
            .AddSingleton<IConversationWriter, ConversationJsonWriter>()
            .AddSingleton<IConversationWriter, ConversationNdjsonWriter>()
            .AddSingleton<IConversationWriter, ConversationCsvWriter>()
            .AddSingleton<IConversationWriter, ConversationParquetWriter>()
            .AddSingleton<ConversationStreamSender>()
            .AddSingleton<ConversationsRequestHandler>()
            .AddSingleton<TimelineReader>();
    }
}
