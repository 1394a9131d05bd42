using System.Reflection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>Says so where the values of a map may be null, which Swashbuckle does for properties only.</summary>
internal sealed class NullableValues : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        foreach (var property in context.Type.GetProperties().Where(HasNullableValues))
        {
            var map = schema.Properties?.FirstOrDefault(one => one.Key.Equals(property.Name, StringComparison.OrdinalIgnoreCase)).Value;
            if (map is OpenApiSchema { AdditionalProperties: { } values } written)
            {
                // Besides a bare $ref nothing counts in OpenAPI 3.0, "nullable" neither.
                written.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null, AllOf = [values] };
            }
        }
    }

    private static bool HasNullableValues(PropertyInfo property) =>
        property.PropertyType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
        && new NullabilityInfoContext().Create(property).GenericTypeArguments is [_, { ReadState: NullabilityState.Nullable }];
}
