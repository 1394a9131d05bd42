using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Diagnostics;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// Converts exceptions to problem responses. A request of a disconnected caller ends with 499, without an error in the log: ASP.NET Core detects most of these
/// requests before it calls this handler.
/// </summary>
internal sealed partial class ProblemExceptionHandler(ProblemWriter writer, IOptions<ErrorsOptions> options, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan OutOfMemoryRetryAfter = TimeSpan.FromSeconds(10);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status499ClientClosedRequest })
        {
            // The caller disconnected before it had sent its body, so only the log shows this status.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        try
        {
            await writer.WriteAsync(httpContext, ProblemOf(exception));
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The caller disconnected while the error was written.
        }
        catch (Exception unwritable) when (!httpContext.Response.HasStarted)
        {
            // The problem could not be created or written. ASP.NET Core would otherwise write its own page for the original exception.
            Log.Failed(logger, unwritable);
            await writer.WriteAsync(httpContext, Internal(unwritable));
        }

        return true;
    }

    private Problem ProblemOf(Exception exception)
    {
        switch (exception)
        {
            case ProblemException known:
                return known.Problem;

            case GenesysException { Failure: var failure } genesys:
                Log.GenesysFailed(logger, failure.Kind, failure.Status, failure.Code, failure.CorrelationId, genesys.Calls);
                return ProblemFactory.FromGenesys(failure);

            case BadHttpRequestException badRequest when ProblemFactory.FromStatus(badRequest.StatusCode, badRequest.Message) is { } problem:
                return problem;

            case OutOfMemoryException:
                // The memory of this response is free again, and a retry might succeed once other requests have completed.
                Log.OutOfMemory(logger, exception);
                return ProblemFactory.Overloaded("There was not enough memory for this response. Try again later, or request fewer records.", OutOfMemoryRetryAfter);

            default:
                Log.Failed(logger, exception);
                return Internal(exception);
        }
    }

    // Unless stack traces are enabled, the problem says nothing about the error. The log contains the exception, under the trace id of the problem.
    private Problem Internal(Exception exception) => ProblemType.Internal.WithDetail(null) is var plain && options.Value.StackTraces
        ? plain with { Extensions = new Dictionary<string, object?> { ["exception"] = SecretRedactor.Redact(exception.ToString()) } }
        : plain;

    private static partial class Log
    {
        // The message of Genesys is not logged, because the message can quote the request.
        [LoggerMessage(2100, LogLevel.Warning, "A request failed because of Genesys: {Kind} (status {Status}, code {Code}, correlation id {CorrelationId}), after {Calls} Genesys requests")]
        public static partial void GenesysFailed(ILogger logger, GenesysFailureKind kind, int? status, string? code, string? correlationId, int calls);

        [LoggerMessage(2101, LogLevel.Error, "A request failed unexpectedly")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2102, LogLevel.Error, "There was not enough memory for a response")]
        public static partial void OutOfMemory(ILogger logger, Exception exception);
    }
}

/// <summary>
/// Replaces the developer exception page. In Development, ASP.NET Core adds this page outside <see cref="ProblemExceptionHandler"/>. The page would show stack
/// traces, headers and cookies to any caller, and it cannot be removed.
/// </summary>
internal sealed class DeveloperPageReplacement(ProblemExceptionHandler handler) : IDeveloperPageExceptionFilter
{
    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        await handler.TryHandleAsync(errorContext.HttpContext, errorContext.Exception, errorContext.HttpContext.RequestAborted);
}
