using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>
/// Required is what is always written: whether a value may be null is another question, which its type answers. Swashbuckle's
/// own rule goes by nullability, and so calls an absent average optional and an optional member with a default required. Further
/// members are allowed: a client made today must not fail on a field of tomorrow.
/// </summary>
internal sealed class WrittenPropertiesAreRequired : ISchemaFilter
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
