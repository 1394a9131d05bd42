using System.Text.Json;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Mcp.Protocol;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>Reads figures for tools that return only a part of the response of GET /aggregates. The figures come from the same slices.</summary>
internal sealed class FiguresReader(AggregatesParametersValidator validator, AggregatesReader aggregates, ResponseSender sender, TimeProvider clock)
{
    /// <param name="arguments">The names of the arguments of the tool; errors suggest only these.</param>
    /// <param name="faults">The faults that the tool has found.</param>
    /// <returns>The JSON that GET /aggregates responds with.</returns>
    /// <exception cref="ProblemException">
    /// For example: a parameter is invalid, the caller lacks a scope, a queue is unknown, or the query is too large.
    /// </exception>
    /// <exception cref="Genesys.Failures.GenesysException">Genesys failed, and a partial response is impossible.</exception>
    public async Task<JsonElement> ReadAsync(
        AggregatesParameters parameters, IReadOnlyList<string> arguments, ArgumentFaults faults, Caller caller, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        QueueArguments.AddTo(faults, validator.ErrorsOf(parameters, now, ResponseFormat.Json, arguments));
        faults.ThrowIfAny();

        var query = AggregatesQuery.From(parameters, now, ResponseFormat.Json);
        if (query.IsAboutAgents && !caller.May(CallerScopes.Agents))
        {
            throw new ProblemException(ProblemFactory.Forbidden(CallerScopeNames.Agents));
        }

        var (_, result) = await aggregates.ReadAsync(query, caller, cancellationToken);
        var body = await sender.WriteAsync(result, ResponseFormat.Json);
        return JsonSerializer.Deserialize<JsonElement>(body.Bytes);
    }
}
