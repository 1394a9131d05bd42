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

    /// <summary>With all fields of the query in every record, known or not; by whether it has division fields and those of a threshold.</summary>
    private static readonly Dictionary<(bool, bool), JsonTypeInfo<PlainResponse>> Shapes = new()
    {
        [(false, false)] = TypeInfo,
        [(true, false)] = Of(PlainJson.Default.WithAddedModifier(info => Show(info, "divisionId", "divisionName"))),
        [(false, true)] = Of(PlainJson.Default.WithAddedModifier(info => Show(info, "answeredWithin", "serviceLevelWithin"))),
        [(true, true)] = Of(PlainJson.Default.WithAddedModifier(info => Show(info, "divisionId", "divisionName", "answeredWithin", "serviceLevelWithin"))),
    };

    public static byte[] Bytes(ResolvedQuery query, ResponseMeta meta, RecordList records) =>
        JsonSerializer.SerializeToUtf8Bytes(new PlainResponse(query, meta, PlainRecords.Of(records)), Shapes[(records.IsByDivision, records.HasThreshold)]);

    private static JsonTypeInfo<PlainResponse> Of(IJsonTypeInfoResolver resolver) =>
        (JsonTypeInfo<PlainResponse>)new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver,
        }.GetTypeInfo(typeof(PlainResponse));

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
