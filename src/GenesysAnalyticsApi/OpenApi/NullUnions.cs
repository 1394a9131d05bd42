using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>
/// Says where an object may be null. In OpenAPI 3.1 null is a type of its own, and Swashbuckle adds it to plain types only: a reference
/// and the values of a map stay without it.
/// </summary>
internal sealed class NullUnions : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        foreach (var property in context.Type.GetProperties())
        {
            var name = schema.Properties?.Keys.FirstOrDefault(one => one.Equals(property.Name, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                continue;
            }

            if (schema.Properties![name] is OpenApiSchemaReference reference && IsWrittenAsNull(property))
            {
                schema.Properties[name] = OrNull(reference);
            }
            else if (schema.Properties[name] is OpenApiSchema { AdditionalProperties: OpenApiSchemaReference values } map && HasNullableValues(property))
            {
                map.AdditionalProperties = OrNull(values);
            }
        }
    }

    private static OpenApiSchema OrNull(OpenApiSchemaReference reference) => new()
    {
        Description = reference.Description,
        OneOf = [reference, new OpenApiSchema { Type = JsonSchemaType.Null }],
    };

    private static bool IsWrittenAsNull(PropertyInfo property) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition is not JsonIgnoreCondition.WhenWritingNull
        && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    private static bool HasNullableValues(PropertyInfo property) =>
        property.PropertyType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
        && new NullabilityInfoContext().Create(property).GenericTypeArguments is [_, { ReadState: NullabilityState.Nullable }];
}
