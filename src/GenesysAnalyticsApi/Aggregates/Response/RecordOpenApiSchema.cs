using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Aggregates.Folding;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// The figures of one queue × media type × bucket. Counts and sums are 0 where nothing happened. Quotients are null where their denominator is 0.
/// Metrics that Genesys does not report (answers and abandons of customer-first callbacks) or rejects are null. Durations are in milliseconds; rates
/// and levels are fractions, not percentages.
/// </summary>
internal sealed record AggregateRecord
{
    // RecordSchemaFilter adds the fields of RecordFieldDefinitions. The service creates no object of this type per record: the type only names the schema.

    /// <summary>Raw statistics by Genesys metric; present only for the metrics requested with metric=.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, MetricStatistics?>? Metrics { get; init; }

    /// <summary>The same figures of the compared interval; present only with compare=; null if the bucket has no counterpart in that interval.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreviousRecord? Previous { get; init; }
}

/// <summary>The figures of the corresponding bucket of the compared interval: zeros and nulls where that bucket has no data.</summary>
internal sealed record PreviousRecord
{
    /// <summary>Raw statistics by Genesys metric; present only for the metrics requested with metric=.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, MetricStatistics?>? Metrics { get; init; }
}

/// <summary>Adds the fields of <see cref="RecordFieldDefinitions"/> to the OpenAPI schemas of <see cref="AggregateRecord"/> and <see cref="PreviousRecord"/>.</summary>
internal sealed class RecordSchemaFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        var isPrevious = context.Type == typeof(PreviousRecord);
        if ((!isPrevious && context.Type != typeof(AggregateRecord)) || schema is not OpenApiSchema { Properties: { } own } record)
        {
            return;
        }

        var raw = own.ToList();
        own.Clear();
        foreach (var field in RecordFieldDefinitions.Labels.Where(label => !isPrevious || label.IsOfBucket).Concat<RecordField>(RecordFieldDefinitions.Figures).Concat(RecordFieldDefinitions.Within))
        {
            own[field.Name] = SchemaOf(field);
        }

        foreach (var (name, property) in raw)
        {
            // A reference is the previous field: absent unless requested, and null if the bucket has no counterpart.
            own[name] = property is OpenApiSchemaReference previous
                ? new OpenApiSchema { Description = previous.Description, OneOf = [previous, new OpenApiSchema { Type = JsonSchemaType.Null }] }
                : property;
        }

        foreach (var field in RecordFieldDefinitions.Flags)
        {
            own[field.Name] = SchemaOf(field);
        }

        record.Required = own.Keys
            .Except(raw.Select(property => property.Key))
            .Except(RecordFieldDefinitions.Labels.Where(field => field.IsOptional).Select(field => field.Name))
            .Except(RecordFieldDefinitions.Within.Select(field => field.Name))
            .ToHashSet();
    }

    private static OpenApiSchema SchemaOf(RecordField field) => field switch
    {
        TextField text => new()
        {
            Type = text is TimeField ? JsonSchemaType.String : JsonSchemaType.Null | JsonSchemaType.String,
            Format = text is TimeField { IsInstant: true } ? "date-time" : null,
            Description = text.Description,
            Examples = text.Example is { } example ? [example] : null,
        },
        IntegerField whole => Number(whole, JsonSchemaType.Integer, "int64", (long)whole.Example),
        DecimalField number => Number(number, JsonSchemaType.Number, "double", number.Example),
        _ => new() { Type = JsonSchemaType.Boolean, Description = field.Description, Examples = [true] },
    };

    private static OpenApiSchema Number(FigureField figure, JsonSchemaType type, string format, JsonNode example) => new()
    {
        Type = JsonSchemaType.Null | type,
        Format = format,
        Description = $"{figure.Description} Source: {figure.Source}.",
        Examples = [example],
    };
}
