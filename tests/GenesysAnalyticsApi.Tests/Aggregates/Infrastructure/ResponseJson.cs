using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>Responses as the serializer writes and reads them, including record objects: the reference for the bytes of the service.</summary>
internal static class ResponseJson
{
    public static JsonTypeInfo<PlainResponse> TypeInfo { get; } = Of(PlainJson.Default);

    /// <summary>With division fields in every record, known or not.</summary>
    private static JsonTypeInfo<PlainResponse> ByDivision { get; } = Of(PlainJson.Default.WithAddedModifier(ShowDivisions));

    public static byte[] Bytes(ResolvedQuery query, ResponseMeta meta, RecordList records) =>
        JsonSerializer.SerializeToUtf8Bytes(new PlainResponse(query, meta, PlainRecords.Of(records)), records.IsByDivision ? ByDivision : TypeInfo);

    private static JsonTypeInfo<PlainResponse> Of(IJsonTypeInfoResolver resolver) =>
        (JsonTypeInfo<PlainResponse>)new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver,
        }.GetTypeInfo(typeof(PlainResponse));

    private static void ShowDivisions(JsonTypeInfo info)
    {
        if (info.Type == typeof(PlainRecord))
        {
            foreach (var property in info.Properties.Where(property => property.Name is "divisionId" or "divisionName"))
            {
                property.ShouldSerialize = (_, _) => true;
            }
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlainResponse))]
internal sealed partial class PlainJson : JsonSerializerContext;
