using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi.Filters;

/// <summary>
/// Marks nullable objects and map values. In OpenAPI 3.1, null is a separate type. Swashbuckle adds this type only to inline types, and neither to references
/// nor to map values.
/// </summary>
internal sealed class NullableSchemaFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        foreach (var property in context.Type.GetProperties())
        {
            var name = schema.Properties?.Keys.FirstOrDefault(key => key.Equals(property.Name, StringComparison.OrdinalIgnoreCase));
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
/// Marks properties as required if they are always written. Nullability is part of their type. The rule of Swashbuckle uses nullability instead, and so treats
/// a nullable average as optional, and a member that is omitted at its default as required. Additional properties are allowed, so that today's clients accept
/// future fields.
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
        var optional = context.Type.GetProperties()
            .Where(IsOptional)
            .Select(property => property.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        written.Required = written.Properties.Keys.Where(name => !optional.Contains(name)).ToHashSet();
    }

    private static bool IsOptional(PropertyInfo property) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: not JsonIgnoreCondition.Never }
        || property.GetCustomAttribute<JsonExtensionDataAttribute>() is not null;
}
