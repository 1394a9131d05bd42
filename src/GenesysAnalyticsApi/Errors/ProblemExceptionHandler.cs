using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Diagnostics;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Converts exceptions to problem responses. The surrounding middleware ends requests of disconnected callers with 499, without logging an error.</summary>
internal sealed partial class ProblemExceptionHandler(ProblemWriter writer, IOptions<ErrorsOptions> options, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan OutOfMemoryRetryAfter = TimeSpan.FromSeconds(10);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException { StatusCode: StatusCodes.Status499ClientClosedRequest })
        {
            // The caller has disconnected, so only the log shows this status.
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

            case BadHttpRequestException refused when ProblemFactory.FromStatus(refused.StatusCode, refused.Message) is { } problem:
                return problem;

            case OutOfMemoryException:
                // The memory of this response is free again, and a retry may succeed once other requests have completed.
                Log.OutOfMemory(logger, exception);
                return ProblemFactory.Overloaded("There was not enough memory for this response. Try again later, or request fewer records.", OutOfMemoryRetryAfter);

            default:
                Log.Failed(logger, exception);
                return Internal(exception);
        }
    }

    // The problem contains no detail. Only the log does, under the trace id.
    private Problem Internal(Exception exception) => ProblemType.Internal.WithDetail(null) is var plain && options.Value.StackTraces
        ? plain with { Extensions = new Dictionary<string, object?> { ["exception"] = SecretRedactor.Redact(exception.ToString()) } }
        : plain;

    private static partial class Log
    {
        // The message of Genesys is not logged, because it can quote the request.
        [LoggerMessage(2100, LogLevel.Warning, "A request failed because of Genesys: {Kind} (status {Status}, code {Code}, correlation id {CorrelationId}), after {Calls} Genesys requests")]
        public static partial void GenesysFailed(ILogger logger, GenesysFailureKind kind, int? status, string? code, string? correlationId, int calls);

        [LoggerMessage(2101, LogLevel.Error, "A request failed unexpectedly")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2102, LogLevel.Error, "There was not enough memory for a response")]
        public static partial void OutOfMemory(ILogger logger, Exception exception);
    }
}

/// <summary>
/// In Development, ASP.NET Core wraps even <see cref="ProblemExceptionHandler"/> in a page that shows stack traces, headers and cookies to any
/// caller. The page cannot be removed, only replaced.
/// </summary>
internal sealed class DeveloperPageReplacement(ProblemExceptionHandler handler) : IDeveloperPageExceptionFilter
{
    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        await handler.TryHandleAsync(errorContext.HttpContext, errorContext.Exception, errorContext.HttpContext.RequestAborted);
}
