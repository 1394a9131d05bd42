using Mono.Cecil;
using Mono.Cecil.Cil;

namespace GenesysAnalyticsApi.Tests.Infrastructure;

/// <summary>
/// Finds static initializers of an assembly that run each other. An initializer runs that of every type whose static fields are read by the initializer, or
/// by a method that it calls, directly or indirectly. Only calls within the assembly are followed; an anonymous function counts as called where it is created.
/// </summary>
internal static class StaticInitializers
{
    /// <summary>Types that need each other, each group once, in alphabetical order.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Cycles(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        var initializers = module.GetTypes()
            .Where(type => !type.Name.StartsWith('<') && !type.HasGenericParameters)
            .Select(type => (type.FullName, Initializer: type.Methods.FirstOrDefault(method => method is { IsConstructor: true, IsStatic: true })))
            .Where(pair => pair.Initializer is not null)
            .ToDictionary(pair => pair.FullName, pair => pair.Initializer!, StringComparer.Ordinal);
        var reach = initializers.ToDictionary(pair => pair.Key, pair => NeededBy(pair.Value, initializers), StringComparer.Ordinal);

        return
        [
            .. initializers.Keys
                .Select(name => reach[name].Where(other => other != name && reach[other].Contains(name)).Append(name).Order(StringComparer.Ordinal).ToList())
                .Where(group => group.Count > 1)
                .DistinctBy(group => string.Join(' ', group), StringComparer.Ordinal),
        ];
    }

    private static HashSet<string> NeededBy(MethodDefinition initializer, Dictionary<string, MethodDefinition> initializers)
    {
        var (needed, seen) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<MethodDefinition> { initializer });
        var open = new Stack<MethodDefinition>(seen);
        while (open.TryPop(out var method))
        {
            foreach (var instruction in method.HasBody ? method.Body.Instructions : [])
            {
                if (instruction.OpCode.Code is Code.Ldsfld or Code.Ldsflda && instruction.Operand is FieldReference field
                    && initializers.TryGetValue(field.DeclaringType.FullName, out var other))
                {
                    needed.Add(field.DeclaringType.FullName);
                    Visit(other);
                }
                else if (instruction.Operand is MethodReference called && called.DeclaringType.Scope == method.Module && called.Resolve() is { } definition)
                {
                    Visit(definition);
                }
            }
        }

        return needed;

        void Visit(MethodDefinition method)
        {
            if (seen.Add(method))
            {
                open.Push(method);
            }
        }
    }
}
