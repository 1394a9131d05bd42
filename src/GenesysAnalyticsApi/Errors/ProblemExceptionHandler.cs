using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// Turns whatever a request threw into a problem. A caller who went away is none: the middleware around this handler ends that
/// request as 499 by itself, without an error in the log.
/// </summary>
internal sealed partial class ProblemExceptionHandler(ProblemWriter writer, IOptions<ErrorsOptions> options, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private static readonly TimeSpan UntilMemoryIsFree = TimeSpan.FromSeconds(10);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(httpContext, ProblemOf(exception));
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Went away while being refused: nobody is left to tell, and nothing is wrong here.
        }
        catch (Exception unwritable) when (!httpContext.Response.HasStarted)
        {
            // The problem itself cannot be made or written. Left to ASP.NET, the first exception would go on to its own page.
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
                return Problems.FromGenesys(failure);

            case BadHttpRequestException refused when Problems.FromStatus(refused.StatusCode, refused.Message) is { } problem:
                return problem;

            case OutOfMemoryException:
                // What this answer held is free again: others go on, and this one may succeed when they are done.
                Log.OutOfMemory(logger, exception);
                return Problems.Overloaded("There was not enough memory for this answer.", UntilMemoryIsFree);

            default:
                Log.Failed(logger, exception);
                return Internal(exception);
        }
    }

    private Problem Internal(Exception exception) => options.Value.StackTraces
        ? Problems.Internal() with { Extensions = new Dictionary<string, object?> { ["exception"] = SecretRedactor.Masked(exception.ToString()) } }
        : Problems.Internal();

    private static partial class Log
    {
        // Genesys' own message stays out: it can quote what was sent.
        [LoggerMessage(2100, LogLevel.Warning, "Genesys failed: {Kind} (status {Status}, code {Code}, correlation id {CorrelationId}) after {Calls} calls")]
        public static partial void GenesysFailed(ILogger logger, GenesysFailureKind kind, int? status, string? code, string? correlationId, int calls);

        [LoggerMessage(2101, LogLevel.Error, "A request failed unexpectedly")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(2102, LogLevel.Error, "There was not enough memory for an answer")]
        public static partial void OutOfMemory(ILogger logger, Exception exception);
    }
}

/// <summary>
/// In Development ASP.NET wraps everything, <see cref="ProblemExceptionHandler"/> too, in a page that shows stack traces, headers and cookies to any
/// caller. It cannot be left out, only be told to show something else.
/// </summary>
internal sealed class DeveloperPageReplacement(ProblemExceptionHandler handler) : IDeveloperPageExceptionFilter
{
    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        await handler.TryHandleAsync(errorContext.HttpContext, errorContext.Exception, errorContext.HttpContext.RequestAborted);
}
