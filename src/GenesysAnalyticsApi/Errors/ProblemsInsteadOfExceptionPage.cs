using Microsoft.AspNetCore.Diagnostics;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// In Development ASP.NET wraps everything, <see cref="ProblemHandler"/> too, in a page that shows stack traces, headers and cookies to any
/// caller. It cannot be left out, only be told to show something else.
/// </summary>
internal sealed class ProblemsInsteadOfExceptionPage(ProblemHandler handler) : IDeveloperPageExceptionFilter
{
    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        await handler.TryHandleAsync(errorContext.HttpContext, errorContext.Exception, errorContext.HttpContext.RequestAborted);
}
