using System.Collections.Immutable;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Directories;

/// <summary>A candidate for an ambiguous name.</summary>
internal sealed record UserCandidate(string Id, string Name, bool? Active);

/// <summary>Resolves names and patterns of agents to their ids.</summary>
internal static class UserResolver
{
    /// <param name="seesAll">
    /// Whether the caller may see every queue and therefore every agent. Any other caller must not be able to distinguish a name that no agent has from the name
    /// of an agent of another queue. For such a caller, neither name is an error, and neither selects any figures.
    /// </param>
    /// <returns>The ids, sorted and distinct.</returns>
    /// <exception cref="ProblemException">404: a name or pattern matches no user. 409: a name matches several users.</exception>
    public static ImmutableArray<string> Resolve(IReadOnlyList<string> names, NameSnapshot users, bool seesAll) =>
        [
            .. names
                .Order(StringComparer.Ordinal) // so that the reported name does not depend on the order of the parameters
                .SelectMany(name => seesAll ? Find(name, users) : users.Match(name))
                .Select(user => user.Id)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.Ordinal),
        ];

    private static IReadOnlyList<NamedEntry> Find(string name, NameSnapshot users)
    {
        var found = users.Match(name);
        if (found is [])
        {
            throw new ProblemException(ProblemType.UnknownUser.WithDetail(GenesysId.Is(name)
                ? $"No user is called '{InputExcerpt.Of(name)}'. It is an id: use userId."
                : $"No user is called '{InputExcerpt.Of(name)}'{users.ClosestNames(name)}"));
        }

        return found.Count == 1 || new NamePattern(name).HasWildcard
            ? found
            : throw new ProblemException(ProblemFactory.AmbiguousUser(
                $"{found.Count} users are called '{InputExcerpt.OfName(name)}'. Select one of the candidates by userId.",
                found.Select(user => new UserCandidate(user.Id, user.Name, user.IsActive)).ToArray()));
    }
}
