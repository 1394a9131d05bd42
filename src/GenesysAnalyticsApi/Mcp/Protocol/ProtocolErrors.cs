using System.Text.Json;
using GenesysAnalyticsApi.Text;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp.Protocol;

/// <summary>
/// Rejects requests that name a tool, prompt, resource or page that does not exist, or pass arguments that a prompt does not accept. The SDK answers a missing
/// argument with an internal error, ignores an unknown argument and returns an empty page for any cursor, and its messages do not say what is accepted.
/// </summary>
internal static class ProtocolErrors
{
    public static void Explain(IMcpRequestFilterBuilder filters)
    {
        filters.AddListToolsFilter(next => (request, cancellationToken) => next(WithFirstPage(request, "tools"), cancellationToken));
        filters.AddListPromptsFilter(next => (request, cancellationToken) => next(WithFirstPage(request, "prompts"), cancellationToken));
        filters.AddListResourcesFilter(next => (request, cancellationToken) => next(WithFirstPage(request, "resources"), cancellationToken));
        filters.AddListResourceTemplatesFilter(next => (request, cancellationToken) => next(WithFirstPage(request, "resource templates"), cancellationToken));
        filters.AddCallToolFilter(next => (request, cancellationToken) => request.MatchedPrimitive is null
            ? throw Unknown(request.Params?.Name, "a tool", NamesOf(request.Server.ServerOptions.ToolCollection))
            : next(request, cancellationToken));
        filters.AddGetPromptFilter(next => (request, cancellationToken) =>
        {
            CheckPrompt(request);
            return next(request, cancellationToken);
        });
        filters.AddReadResourceFilter(next => (request, cancellationToken) => request.MatchedPrimitive is null
            ? ExplainResourceAsync(next, request, cancellationToken)
            : next(request, cancellationToken));
    }

    /// <summary>Every list fits on one page, so the service returns no cursor, and no cursor is valid.</summary>
    private static RequestContext<TParams> WithFirstPage<TParams>(RequestContext<TParams> request, string what)
        where TParams : PaginatedRequestParams => request.Params?.Cursor is { } cursor
            ? throw Invalid($"'{InputExcerpt.Of(cursor)}' is not a cursor: all {what} are on the first page. Omit cursor.")
            : request;

    private static void CheckPrompt(RequestContext<GetPromptRequestParams> request)
    {
        if (request.MatchedPrimitive is not McpServerPrompt prompt)
        {
            throw Unknown(request.Params?.Name, "a prompt", NamesOf(request.Server.ServerOptions.PromptCollection));
        }

        var given = request.Params?.Arguments ?? new Dictionary<string, JsonElement>();
        if (request.Services!.GetRequiredService<PromptArguments>().ErrorsOf(prompt.ProtocolPrompt, prompt.Metadata.OfType<PromptQueryAttribute>().FirstOrDefault(), given) is [_, ..] errors)
        {
            throw Invalid(string.Join(' ', errors));
        }
    }

    /// <summary>Lets the SDK select the code, which depends on the protocol version of the client, and replaces the message.</summary>
    private static async ValueTask<ReadResourceResult> ExplainResourceAsync(
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next, RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        try
        {
            return await next(request, cancellationToken);
        }
        catch (McpProtocolException unknown)
        {
            var addresses = (request.Server.ServerOptions.ResourceCollection ?? []).Select(resource => resource.ProtocolResourceTemplate.UriTemplate).Order(StringComparer.Ordinal).ToList();
            throw new McpProtocolException(DidYouMean.Message(request.Params?.Uri ?? "", "a resource", addresses), unknown, unknown.ErrorCode);
        }
    }

    private static List<string> NamesOf<T>(McpServerPrimitiveCollection<T>? all)
        where T : IMcpServerPrimitive => [.. (all ?? []).Select(one => one.Id).Order(StringComparer.Ordinal)];

    private static McpProtocolException Unknown(string? given, string what, IReadOnlyCollection<string> known) => Invalid(DidYouMean.Message(given ?? "", what, known));

    private static McpProtocolException Invalid(string message) => new(message, McpErrorCode.InvalidParams);
}
