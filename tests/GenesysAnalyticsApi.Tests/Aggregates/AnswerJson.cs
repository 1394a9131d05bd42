using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GenesysAnalyticsApi.Aggregates;

namespace GenesysAnalyticsApi.Tests.Aggregates;

/// <summary>Answers as the serializer writes and reads them, record objects and all: what the service's own bytes are held against.</summary>
internal static class AnswerJson
{
    public static JsonTypeInfo<AggregatesAnswer> TypeInfo { get; } = Of(PlainJson.Default);

    /// <summary>With divisions in every record, known or not.</summary>
    private static JsonTypeInfo<AggregatesAnswer> ByDivision { get; } = Of(PlainJson.Default.WithAddedModifier(ShowDivisions));

    public static byte[] Bytes(AnsweredQuery query, AnswerMeta meta, RecordList records) =>
        JsonSerializer.SerializeToUtf8Bytes(new AggregatesAnswer(query, meta, PlainRecords.Of(records)), records.IsByDivision ? ByDivision : TypeInfo);

    private static JsonTypeInfo<AggregatesAnswer> Of(IJsonTypeInfoResolver resolver) =>
        (JsonTypeInfo<AggregatesAnswer>)new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = resolver,
        }.GetTypeInfo(typeof(AggregatesAnswer));

    private static void ShowDivisions(JsonTypeInfo info)
    {
        if (info.Type == typeof(AggregateRecord))
        {
            foreach (var property in info.Properties.Where(property => property.Name is "divisionId" or "divisionName"))
            {
                property.ShouldSerialize = (_, _) => true;
            }
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AggregatesAnswer))]
internal sealed partial class PlainJson : JsonSerializerContext;
