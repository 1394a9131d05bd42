using Mono.Cecil;

namespace GenesysAnalyticsApi.Tests.Infrastructure;

/// <summary>A type that references another one; nested and generated types count as the type that declares them.</summary>
internal sealed record TypeDependency(TypeDefinition From, TypeDefinition To);

/// <summary>
/// The references between the types of an assembly: in base types, members, attributes and method bodies. Reads the
/// compiled code, because a type in an enclosing namespace can be used without a <c>using</c>. Constants are not included: the compiler copies them.
/// </summary>
internal static class AssemblyDependencies
{
    public static IReadOnlyList<TypeDependency> Read(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        return [.. module.GetTypes().SelectMany(from => NamedBy(from).Select(to => new TypeDependency(Outermost(from), to))).Where(pair => pair.From != pair.To).Distinct()];

        IEnumerable<TypeDefinition> NamedBy(TypeDefinition type) =>
            References(type).SelectMany(Parts).Select(part => part.Resolve()).OfType<TypeDefinition>().Where(found => found.Module == module).Select(Outermost);
    }

    private static IEnumerable<TypeReference?> References(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var implemented in type.Interfaces)
        {
            yield return implemented.InterfaceType;
        }

        foreach (var attribute in AttributesOf(type))
        {
            yield return attribute.AttributeType;
        }

        foreach (var field in type.Fields)
        {
            yield return field.FieldType;
        }

        foreach (var method in type.Methods)
        {
            yield return method.ReturnType;
            foreach (var parameter in method.Parameters)
            {
                yield return parameter.ParameterType;
            }

            foreach (var named in InBodyOf(method))
            {
                yield return named;
            }
        }
    }

    private static IEnumerable<CustomAttribute> AttributesOf(TypeDefinition type) =>
        new ICustomAttributeProvider[] { type }.Concat(type.Fields).Concat(type.Properties).Concat(type.Methods).SelectMany(member => member.CustomAttributes);

    private static IEnumerable<TypeReference?> InBodyOf(MethodDefinition method)
    {
        if (!method.HasBody)
        {
            yield break;
        }

        foreach (var variable in method.Body.Variables)
        {
            yield return variable.VariableType;
        }

        foreach (var instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference named:
                    yield return named;
                    break;
                case MethodReference called:
                    yield return called.DeclaringType;
                    foreach (var argument in (called as GenericInstanceMethod)?.GenericArguments ?? [])
                    {
                        yield return argument;
                    }

                    break;
                case FieldReference used:
                    yield return used.DeclaringType;
                    break;
                default:
                    break;
            }
        }
    }

    // List<Slice[]> references List and Slice.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        _ => [type],
    };

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);
}
