using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security;

/// <summary>Restricts access to <c>/swagger</c>. The files below this path are not endpoints, so endpoint policies do not apply to them.</summary>
internal sealed class SwaggerAccessMiddleware(RequestDelegate next, IOptions<AuthOptions> options, AuthorizationFailureHandler refusals, ProblemWriter writer)
{
    public Task InvokeAsync(HttpContext context) => (options.Value.Swagger, context.User) switch
    {
        (PageAccess.Anyone, _) or (PageAccess.Callers, CallerPrincipal) => next(context),
        (PageAccess.Operators, CallerPrincipal { Caller: var caller }) => caller.May(CallerScopes.Operator)
            ? next(context)
            : writer.WriteAsync(context, ProblemFactory.Forbidden("operator")),
        (PageAccess.Off, _) => writer.WriteAsync(context, ProblemFactory.FromStatus(StatusCodes.Status404NotFound)!),
        _ => refusals.RefuseAsync(context),
    };
}
