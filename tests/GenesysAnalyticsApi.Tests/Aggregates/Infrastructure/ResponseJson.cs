using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>Serializes and parses responses whose records are objects: the reference for the bytes of the service.</summary>
internal static class ResponseJson
{
    public static JsonTypeInfo<PlainResponse> TypeInfo { get; } = Of(PlainJson.Default);

    /// <summary>Writes all fields of a query in every record, even null ones. The key is what the query groups by and whether it has a threshold.</summary>
    private static readonly ConcurrentDictionary<(Grouping, bool), JsonTypeInfo<PlainResponse>> Shapes = new();

    public static byte[] Bytes(ResolvedQuery query, ResponseMeta meta, RecordList records) =>
        JsonSerializer.SerializeToUtf8Bytes(new PlainResponse(query, meta, PlainRecords.Of(records)), Shapes.GetOrAdd((records.GroupBy, records.HasThreshold), ShapeOf));

    private static JsonTypeInfo<PlainResponse> Of(IJsonTypeInfoResolver resolver) =>
        (JsonTypeInfo<PlainResponse>)new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver,
        }.GetTypeInfo(typeof(PlainResponse));

    private static JsonTypeInfo<PlainResponse> ShapeOf((Grouping GroupBy, bool HasThreshold) of) => Of(PlainJson.Default.WithAddedModifier(info => Show(
        info,
        [
            .. RecordFieldDefinitions.Labels.Where(field => of.GroupBy.HasFlag(field.With)).Select(field => field.Name),
            .. of.HasThreshold ? RecordFieldDefinitions.Within.Select(field => field.Name) : [],
        ])));

    private static void Show(JsonTypeInfo info, params string[] fields)
    {
        if (info.Type == typeof(PlainRecord))
        {
            foreach (var property in info.Properties.Where(property => fields.Contains(property.Name)))
            {
                property.ShouldSerialize = (_, _) => true;
            }
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlainResponse))]
internal sealed partial class PlainJson : JsonSerializerContext;
