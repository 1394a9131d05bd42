using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Mcp.Protocol;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Mcp;

/// <summary>
/// Turns failures of a tool into results that tell the model what to change, because a model does not see HTTP statuses. Cancellations and errors of the
/// protocol pass through.
/// </summary>
internal sealed partial class ToolFailures(ILogger<ToolFailures> logger)
{
    public async ValueTask<CallToolResult> ExplainAsync(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        try
        {
            var faults = request.Services!.GetRequiredService<ArgumentFaults>();
            if (request is { MatchedPrimitive: McpServerTool tool, Params: { } call })
            {
                ToolArguments.Check(tool.ProtocolTool, call, faults);
            }

            var result = await next(request, cancellationToken);
            // A tool with checks of its own has thrown already. Any other tool ran without the arguments that have faults.
            faults.ThrowIfAny();
            return result;
        }
        catch (ProblemException refused)
        {
            return Failed(TextOf(refused.Problem));
        }
        catch (GenesysException failed)
        {
            return Failed(TextOf(ProblemFactory.FromGenesys(failed.Failure)));
        }
        catch (ArgumentException invalid)
        {
            // The SDK throws this exception if an argument is missing or has the wrong JSON type. The message names the parameter, but not its value.
            Log.Refused(logger, request.Params?.Name ?? "", invalid);
            return Failed($"Invalid arguments: {invalid.Message} Compare them with the tool's input schema.");
        }
        catch (JsonException invalid)
        {
            Log.Refused(logger, request.Params?.Name ?? "", invalid);
            return Failed($"Invalid arguments: a value has the wrong JSON type{(invalid.Path is { } path ? $" ({path})" : "")}. Compare them with the tool's input schema.");
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or McpException))
        {
            Log.ToolFailed(logger, request.Params?.Name ?? "", failure);
            return Failed("The tool failed because of an internal error of the service. The log of the service contains the cause. Try again later.");
        }
    }

    private static CallToolResult Failed(string text) => new() { IsError = true, Content = [new TextContentBlock { Text = text }] };

    private static string TextOf(Problem problem)
    {
        var reasons = problem.Errors is { Count: > 0 } errors
            ? string.Join('\n', errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")))
            : problem.Detail;
        var retry = problem.RetryAfter is { } wait ? $" Try again in {Math.Ceiling(wait.TotalSeconds):0} seconds." : "";
        var candidates = problem.Extensions is { } extensions && extensions.TryGetValue("candidates", out var named)
            ? $"\nPass the id of one of these instead of the name: {JsonSerializer.Serialize(named, McpRegistration.Json)}"
            : "";
        return reasons is null ? problem.Title + retry : $"{problem.Title}\n{reasons}{candidates}{retry}";
    }

    private static partial class Log
    {
        [LoggerMessage(9801, LogLevel.Debug, "Tool {Tool} rejected its arguments")]
        public static partial void Refused(ILogger logger, string tool, Exception exception);

        [LoggerMessage(9800, LogLevel.Error, "Tool {Tool} failed because of an internal error")]
        public static partial void ToolFailed(ILogger logger, string tool, Exception exception);
    }
}
