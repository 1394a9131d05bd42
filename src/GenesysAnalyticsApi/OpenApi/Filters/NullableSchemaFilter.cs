using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Says where an object may be null. In OpenAPI 3.1 null is a type of its own, and Swashbuckle adds it to plain types only: a reference
/// and the values of a map stay without it.
/// </summary>
internal sealed class NullableSchemaFilter : ISchemaFilter
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

/// <summary>
/// Required is what is always written: whether a value may be null is another question, which its type answers. Swashbuckle's
/// own rule goes by nullability, and so calls an absent average optional and an optional member with a default required. Further
/// members are allowed: a client made today must not fail on a field of tomorrow.
/// </summary>
internal sealed class RequiredPropertiesFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } written)
        {
            return;
        }

        written.AdditionalPropertiesAllowed = true;
        var leftOutAtTimes = context.Type.GetProperties()
            .Where(IsLeftOutAtTimes)
            .Select(property => property.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        written.Required = written.Properties.Keys.Where(name => !leftOutAtTimes.Contains(name)).ToHashSet();
    }

    private static bool IsLeftOutAtTimes(PropertyInfo property) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: not JsonIgnoreCondition.Never }
        || property.GetCustomAttribute<JsonExtensionDataAttribute>() is not null;
}
